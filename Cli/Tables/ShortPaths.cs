using Interp.Cli.Tables.Reading;

namespace Interp.Cli.Tables;

/// <summary>Paths of images as people read them: the last parts, as many as tell all of them apart.</summary>
internal sealed class ShortPaths
{
    private const int MostParts = 64;

    private readonly Dictionary<string, string> _short = new(StringComparer.Ordinal);

    internal ShortPaths(IEnumerable<string> paths)
    {
        string[] all = [.. paths.Distinct(StringComparer.Ordinal)];
        string[][] parts = [.. all.Select(p => p.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))];
        for (int count = 1; _short.Count < all.Length; count++)
        {
            bool last = count >= MostParts || parts.All(p => p.Length <= count);
            foreach (IGrouping<string, int> same in Enumerable.Range(0, all.Length).Where(i => !_short.ContainsKey(all[i]))
                .GroupBy(i => string.Join('/', parts[i].TakeLast(count))).ToArray())
            {
                foreach (int i in last || same.Count() == 1 ? same : Enumerable.Empty<int>())
                {
                    _short[all[i]] = last && same.Count() > 1 ? all[i] : same.Key;
                }
            }
        }
    }

    /// <summary>Whether a field holds paths of images.</summary>
    internal static bool IsPath(string field) => field == "image" || field.EndsWith("_image", StringComparison.Ordinal)
        || field.EndsWith(".image", StringComparison.Ordinal);

    /// <summary>What a value is ordered by: of a path its last part.</summary>
    internal static FieldValue LastOf(string field, FieldValue value) =>
        IsPath(field) ? new(value.Text[(value.Text.AsSpan().LastIndexOfAny('/', '\\') + 1)..], false) : value;

    /// <summary>A value of a field.</summary>
    internal string Of(string field, string text) => IsPath(field) ? _short.GetValueOrDefault(text, text) : text;
}
