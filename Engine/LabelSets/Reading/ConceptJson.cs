using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// A list of concepts in JSON: <c>["sky", …]</c>, <c>{"0": "sky", …}</c>, <c>{"sky": 0, …}</c>, <c>[{"id": 0, "name": "sky", "color": [r,
/// g, b], "category": …}, …]</c>, or one of these under <c>classes</c>, <c>names</c>, <c>categories</c> or <c>labels</c>.
/// </summary>
internal static class ConceptJson
{
    private static readonly string[] s_keys = ["classes", "names", "categories", "labels", "id2label"];

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="InputException">It is no such list.</exception>
    public static IReadOnlyList<ConceptLine> Read(string text, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                MaxDepth = 16, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip,
            });
            return [.. Of(document.RootElement) ?? throw new InputException(
                $"{file}: expected the names of concepts: {{\"0\": \"sky\", …}} or [\"sky\", …]")];
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: is no JSON: {JsonText.Reason(e)}", e);
        }
    }

    private static IEnumerable<ConceptLine>? Of(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().Select(Entry).Where(l => l.Name.Length > 0);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (string key in s_keys)
        {
            if (root.TryGetProperty(key, out JsonElement list) && list.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            {
                return Of(list);
            }
        }

        return root.EnumerateObject().Select(p => p.Value.ValueKind switch
        {
            JsonValueKind.String => new ConceptLine(ConceptList.Number(p.Name), JsonText.Of(p.Value) ?? ""),
            JsonValueKind.Number => new ConceptLine(JsonText.Whole(p.Value), p.Name),
            _ => new ConceptLine(null, ""),
        }).Where(l => l.Name.Length > 0);
    }

    private static ConceptLine Entry(JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.String)
        {
            return new ConceptLine(null, JsonText.Of(entry) ?? "");
        }

        if (entry.ValueKind != JsonValueKind.Object)
        {
            return new ConceptLine(null, "");
        }

        int? color = entry.TryGetProperty("color", out JsonElement c) && c.ValueKind == JsonValueKind.Array
            ? ConceptList.Color([.. c.EnumerateArray().Select(v => v.GetRawText())]) : null;
        return new ConceptLine(JsonText.Whole(entry, "id"), JsonText.Of(entry, "name") ?? "", JsonText.Of(entry, "category"), color);
    }
}
