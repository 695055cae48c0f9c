using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interp.Cli.Output;

/// <summary>
/// How the program writes JSON: snake_case names, readable text, numbers in full; NaN and infinities as the strings "NaN", "Infinity". Each
/// part of the
/// program has a context of its own for its types, and gives it one of these.
/// </summary>
internal static class JsonStyle
{
    /// <summary>Indented, for people and files.</summary>
    internal static JsonSerializerOptions Pretty() =>
        new(Embedded()) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same for reading what stands in a folder: null where something should be is an error.</summary>
    internal static JsonSerializerOptions Strict() => new(Pretty()) { RespectNullableAnnotations = true };

    /// <summary>On one line, with everything escaped that could end a script element or begin a comment in a page.</summary>
    internal static JsonSerializerOptions Embedded() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
}
