using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.Graph;

/// <summary>Which layers a user may have meant by a name that no layer has.</summary>
internal static class NearestLayers
{
    private const int Count = 3;

    private static readonly char[] s_separators = ['.', '[', ']', '/', ':'];

    /// <summary>
    /// The nearest names, the nearest first: for a number (<c>28</c>, <c>model.features[28]</c>) the layers of that number or the next
    /// ones, <c>features.28</c>; for a place counted from the end as in Python (<c>-1</c>, <c>features[-1]</c>) the layers that stand
    /// there; for any other name those that end like it; then by edit distance.
    /// </summary>
    internal static IEnumerable<string> To(string name, IReadOnlyList<string> layers)
    {
        string[] parts = name.Split(s_separators, StringSplitOptions.RemoveEmptyEntries);
        string last = parts.LastOrDefault() ?? "";
        IEnumerable<string> first = Number(last) switch
        {
            { } place and < 0 and > int.MinValue => FromTheEnd(-place, layers),
            { } number => layers.Where(l => NumberOf(l) is not null).OrderBy(l => Math.Abs((long)NumberOf(l)!.Value - number)),
            null => layers.Where(l => l.EndsWith($".{last}", StringComparison.OrdinalIgnoreCase)),
        };
        return first.OrderBy(l => parts.Length < 2 ? 0 : TextDistance.Between(GroupOf(l), parts[^2]))
            .Concat(layers.OrderBy(l => TextDistance.Between(name, l)))
            .Distinct()
            .Take(Count);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) ? n : null;

    private static int? NumberOf(string layer) => Number(layer[(layer.LastIndexOf('.') + 1)..]);

    private static string GroupOf(string layer) => layer.LastIndexOf('.') is > 0 and var dot ? layer[..dot] : "";

    /// <summary>The layer at that place from the end in every group, <c>features.30</c> and <c>classifier.6</c> for 1; of all where there
    /// are no groups.</summary>
    private static string[] FromTheEnd(int place, IReadOnlyList<string> layers)
    {
        string[] found =
        [
            .. from layer in layers
               where GroupOf(layer).Length > 0
               group layer by GroupOf(layer) into same
               where same.Count() >= place
               select same.ElementAt(same.Count() - place),
        ];
        return found.Length > 0 || layers.Count < place ? found : [layers[^place]];
    }
}
