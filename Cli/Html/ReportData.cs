using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Html;

/// <summary>What the page is made of.</summary>
internal sealed record ReportData(IReadOnlyList<string> About, IReadOnlyDictionary<string, string> Colormaps, IReadOnlyList<ReportImage> Images);

/// <summary>One picture with its maps; <paramref name="Input"/> is a PNG as a data address.</summary>
internal sealed record ReportImage(
    string Name, int Width, int Height, string Input, string Target, IReadOnlyList<PredictedClass> Top, IReadOnlyList<ReportMap> Maps);

/// <summary>One map: value (x, y) is <paramref name="Unit"/> times the 16-bit number there, little-endian, in base 64.</summary>
internal sealed record ReportMap(string Method, string Title, int Columns, int Rows, double Unit, string Data)
{
    public required float Minimum { get; init; }

    public required float Maximum { get; init; }

    public required double Time { get; init; }

    public required long Forward { get; init; }

    public required long Backward { get; init; }

    public required IReadOnlyDictionary<string, object> Options { get; init; }

    public required IReadOnlyDictionary<string, object> Facts { get; init; }

    public required IReadOnlyList<ReportEvidence> Evidence { get; init; }

    public required IReadOnlyList<string> Verdicts { get; init; }

    public required IReadOnlyList<string> Diagnosis { get; init; }
}

/// <summary>One number under a map; <paramref name="Better"/> is <c>higher</c>, <c>lower</c> or <c>neither</c>.</summary>
internal sealed record ReportEvidence(string Name, string Title, double Value, string Better);

/// <summary>The page's JSON. The standard encoder writes &lt;, &gt; and &amp; as escapes, so that no text can end the script element that holds it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(float))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ReportJson : JsonSerializerContext;
