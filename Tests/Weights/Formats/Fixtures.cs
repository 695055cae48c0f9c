using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interp.Tests.Weights.Formats;

/// <summary>The weight files that scripts/make_weight_fixtures.py wrote, and what PyTorch reads from them.</summary>
internal static class Fixtures
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A tensor that a file holds; values are null where there is no conversion to real numbers.</summary>
    internal sealed record Tensor(string Name, string Type, long[] Shape, double[]? Values);

    /// <summary>The tensors of every fixture by file name.</summary>
    internal static IReadOnlyDictionary<string, Tensor[]> Expected { get; } =
        JsonSerializer.Deserialize<Dictionary<string, Tensor[]>>(File.ReadAllText(PathOf("expected.json")), Options)!;

    /// <summary>The path of a fixture.</summary>
    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", file);

    /// <summary>The bytes of a fixture.</summary>
    internal static byte[] BytesOf(string file) => File.ReadAllBytes(PathOf(file));
}
