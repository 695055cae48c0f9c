using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Weights.Raw;

/// <summary>Reads and writes <c>model.json</c>.</summary>
internal static class RawJson
{
    private static readonly JsonSerializerOptions Options = new(RawJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = RawJsonContext.Default.WithAddedModifier(DropKind),
    };

    private static readonly JsonTypeInfo<RawDocument> Document = (JsonTypeInfo<RawDocument>)Options.GetTypeInfo(typeof(RawDocument));

    /// <summary>The text in UTF-8; the same document gives the same bytes.</summary>
    internal static byte[] Write(RawDocument document) => [.. JsonSerializer.SerializeToUtf8Bytes(document, Document), (byte)'\n'];

    /// <exception cref="ModelException">The text is not a document of the version that is read here; the message says where.</exception>
    internal static RawDocument Read(ReadOnlySpan<byte> json)
    {
        try
        {
            int version = JsonSerializer.Deserialize(json, RawVersionContext.Default.RawVersion)?.FormatVersion ?? 0;
            return version != RawFormat.Version
                ? throw new ModelException(
                    $"{RawFormat.DocumentFile}: format version {version}, expected {RawFormat.Version}; convert the model again")
                : JsonSerializer.Deserialize(json, Document) ?? throw new ModelException($"{RawFormat.DocumentFile}: holds no model");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new ModelException($"{RawFormat.DocumentFile}: {Text.OneLine(e.Message)}; convert the model again", e);
        }
    }

    /// <summary>A layer's kind is written already, as the discriminator by which its type is found again.</summary>
    private static void DropKind(JsonTypeInfo info)
    {
        for (int i = info.Properties.Count - 1; typeof(Layer).IsAssignableFrom(info.Type) && i >= 0; i--)
        {
            if (info.Properties[i].Name == "kind")
            {
                info.Properties.RemoveAt(i);
            }
        }
    }
}
