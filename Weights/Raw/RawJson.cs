using System.Text.Encodings.Web;
using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Raw;

/// <summary>Reads and writes <c>model.json</c>.</summary>
internal static class RawJson
{
    private static readonly RawJsonContext Writer = new(new JsonSerializerOptions(RawJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The text in UTF-8; the same document gives the same bytes.</summary>
    internal static byte[] Write(RawDocument document) => [.. JsonSerializer.SerializeToUtf8Bytes(document, Writer.RawDocument), (byte)'\n'];

    /// <exception cref="ModelException">The text is not a document of the version that is read here; the message says where.</exception>
    internal static RawDocument Read(ReadOnlySpan<byte> json)
    {
        try
        {
            int version = JsonSerializer.Deserialize(json, RawVersionContext.Default.RawVersion)?.FormatVersion ?? 0;
            return version != RawFormat.Version
                ? throw new ModelException($"{RawFormat.DocumentFile}: format version {version}, expected {RawFormat.Version}; convert the model again with this program")
                : JsonSerializer.Deserialize(json, RawJsonContext.Default.RawDocument) ?? throw new ModelException($"{RawFormat.DocumentFile}: holds no model");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new ModelException($"{RawFormat.DocumentFile}: {Text.OneLine(e.Message)}; convert the model again", e);
        }
    }
}
