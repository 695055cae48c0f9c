using Interp.Engine.Attribution;

namespace Interp.Cli.Output;

/// <summary>
/// The folder of one method's result below its image's: the method's name, and what alone was followed where the option <c>through</c> says
/// so, since that is another question about the image: <c>lrp</c>, <c>lrp-through-features.28_264</c>. All other options of a method answer
/// the same question in another way, and take each other's place.
/// </summary>
internal static class ResultName
{
    private const string Option = "through";
    private const string Everything = "all";
    private const string Between = "-through-";

    /// <summary>The name for a method with the values of its options.</summary>
    internal static string Of(string method, IEnumerable<KeyValuePair<string, object>> options)
    {
        string? through = options.Where(o => o.Key == Option).Select(o => $"{o.Value}").FirstOrDefault();
        return through is null or Everything ? method : SafeName.Of($"{method}{Between}{through.Replace(':', '_')}");
    }

    /// <summary>Whether a folder is one of these.</summary>
    internal static bool IsOne(string folder) => AttributionCatalog.All.Names.Any(
        m => folder == m || folder.StartsWith($"{m}{Between}", StringComparison.Ordinal));
}
