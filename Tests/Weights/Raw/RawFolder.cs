using System.Text.Json.Nodes;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Weights.Raw;

/// <summary>A small model folder, and changes to its description.</summary>
internal static class RawFolder
{
    /// <summary>Converts the tiny network into a folder; returns its path.</summary>
    public static string Make(TemporaryFolder folder)
    {
        ModelConverter.Convert(new("", folder["tiny"]), StateDicts.Tiny(), null, CancellationToken.None);
        return folder["tiny"];
    }

    /// <summary>A description with the value at a path replaced by a text, or removed where that is null.</summary>
    public static string Edited(string text, string[] path, string? value)
    {
        JsonNode root = JsonNode.Parse(text)!;
        JsonNode at = path[..^1].Aggregate(root, (node, step) => node is JsonArray array ? array[int.Parse(step)]! : node[step]!);
        if (at is JsonArray items)
        {
            items[int.Parse(path[^1])] = value is null ? null : JsonNode.Parse(value);
        }
        else if (value is null)
        {
            at.AsObject().Remove(path[^1]);
        }
        else
        {
            // Placed as text, since a parsed node cannot hold doubled names.
            at[path[^1]] = "@@@";
            return root.ToJsonString().Replace("\"@@@\"", value, StringComparison.Ordinal);
        }

        return root.ToJsonString();
    }
}
