using System.Globalization;
using System.Text.Json;

namespace Interp.Cli.Tables.Reading;

/// <summary>Fields by name: <c>options.steps</c> is the property <c>steps</c> of <c>options</c>, <c>top.0.label</c> that of the first entry
/// of a list. A property whose own name has a dot, as quantiles have, is found too.</summary>
internal static class FieldPath
{
    /// <summary>A field of a value, or null.</summary>
    internal static JsonElement? Find(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            int dot = path.IndexOf('.', StringComparison.Ordinal);
            return int.TryParse(dot < 0 ? path : path[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < value.GetArrayLength()
                ? dot < 0 ? value[index] : Find(value[index], path[(dot + 1)..])
                : null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (value.TryGetProperty(path, out JsonElement whole))
        {
            return whole;
        }

        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (value.TryGetProperty(path[..dot], out JsonElement inner) && Find(inner, path[(dot + 1)..]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The names of all fields that have a value, those of lists for their first entries only.</summary>
    internal static IEnumerable<(string Path, FieldValue Value)> All(JsonElement value, string prefix = "", int depth = 0)
    {
        const int Deepest = 6;
        if (FieldValue.Of(value) is { } own && prefix.Length > 0)
        {
            yield return (prefix, own);
        }

        IEnumerable<(string, JsonElement)> inner = value.ValueKind switch
        {
            JsonValueKind.Object when depth < Deepest => value.EnumerateObject().Select(p => (p.Name, p.Value)),
            JsonValueKind.Array when depth < Deepest && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object =>
                [("0", value[0])],
            _ => [],
        };
        foreach ((string name, JsonElement element) in inner)
        {
            foreach ((string, FieldValue) found in All(element, prefix.Length == 0 ? name : $"{prefix}.{name}", depth + 1))
            {
                yield return found;
            }
        }
    }
}
