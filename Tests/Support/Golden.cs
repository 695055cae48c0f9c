using System.Text.Json;
using Interp.Engine.Tensors;

namespace Interp.Tests.Support;

/// <summary>
/// Fixtures made by scripts/make_goldens.py: what PyTorch computes in float64, rounded once to float32 (relative error at most 6e-8).
/// </summary>
internal static class Golden
{
    /// <summary>A fixture's path.</summary>
    public static string Path(params ReadOnlySpan<string> parts) =>
        System.IO.Path.Combine([AppContext.BaseDirectory, "Fixtures", "goldens", .. parts]);

    /// <summary>A fixture's array.</summary>
    public static (Shape Shape, float[] Values) Array(params ReadOnlySpan<string> parts) => Npy.Read(Path(parts));

    /// <summary>A JSON fixture; NaN and infinities are strings.</summary>
    public static T Json<T>(params ReadOnlySpan<string> parts) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path(parts)), Options)!;

    private static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
}
