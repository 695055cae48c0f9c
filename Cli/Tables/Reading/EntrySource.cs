using System.Text;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Common;

namespace Interp.Cli.Tables.Reading;

/// <summary>
/// Where entries come from: <c>manifest</c>, one a result; a list in it such as <c>classes.scores</c>, one for each entry; a table beside
/// it such as <c>units.csv</c>, one a line, where the manifest names the file and its checksum is right.
/// </summary>
internal static class EntrySource
{
    /// <summary>The manifests themselves.</summary>
    internal const string Manifests = "manifest";

    private const int MostEntries = 1_000_000, DeepestList = 4;

    /// <summary>The sources that results have, the manifests first.</summary>
    internal static IEnumerable<string> Names(IReadOnlyList<FoundResult> results) =>
        results.DistinctBy(r => r.Kind).SelectMany(r => (string[])[Manifests, .. Lists(r.Manifest), .. r.Tables]).Distinct();

    /// <summary>The entries of results, in their order.</summary>
    /// <exception cref="InputException">There are too many.</exception>
    internal static IReadOnlyList<Entry> Read(IReadOnlyList<FoundResult> results, string source, Action<string> note)
    {
        var entries = new List<Entry>();
        foreach (FoundResult result in results)
        {
            entries.AddRange(source == Manifests ? [new Entry(result, [])]
                : source.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Lines(result, source, note)
                : Listed(result, result.Manifest, source, []));
            if (entries.Count > MostEntries)
            {
                throw new InputException($"{result.Folder}: more than {MostEntries} entries of {source}; name fewer folders");
            }
        }

        return entries;
    }

    private static IEnumerable<Entry> Listed(FoundResult result, JsonElement value, string path, IReadOnlyList<JsonElement> scopes)
    {
        // The longest property that the path begins with, then the rest in each of its entries.
        for (int end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
        {
            if (FieldPath.Find(value, path[..end]) is { ValueKind: JsonValueKind.Array } list)
            {
                foreach (JsonElement item in list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object))
                {
                    IReadOnlyList<JsonElement> inner = [item, .. scopes];
                    foreach (Entry entry in end == path.Length ? [new Entry(result, inner)]
                        : Listed(result, item, path[(end + 1)..], inner))
                    {
                        yield return entry;
                    }
                }

                yield break;
            }
        }
    }

    private static IEnumerable<string> Lists(JsonElement value, string prefix = "", int depth = 0)
    {
        IEnumerable<JsonProperty> inner = value.ValueKind == JsonValueKind.Object && depth < DeepestList ? value.EnumerateObject() : [];
        foreach (JsonProperty property in inner)
        {
            string name = $"{prefix}{property.Name}";
            bool isList = property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() > 0
                && property.Value[0].ValueKind == JsonValueKind.Object;
            if (isList)
            {
                yield return name;
            }

            foreach (string below in Lists(isList ? property.Value[0] : property.Value, $"{name}.", depth + 1))
            {
                yield return below;
            }
        }
    }

    private static IEnumerable<Entry> Lines(FoundResult result, string table, Action<string> note)
    {
        if (result.File(table) is not { } file)
        {
            yield break;
        }

        if (file.Bytes() is not { } bytes)
        {
            note($"{Readable.Path(file.Path)}: not as its manifest says, left out; make the result again");
            yield break;
        }

        Dictionary<string, int>? columns = null;
        foreach (IReadOnlyList<string> row in CsvReader.Rows(Encoding.UTF8.GetString(bytes)))
        {
            if (columns is null)
            {
                columns = [];
                for (int i = 0; i < row.Count; i++)
                {
                    columns.TryAdd(row[i], i);
                }
            }
            else
            {
                yield return new Entry(result, [], columns, row);
            }
        }
    }
}
