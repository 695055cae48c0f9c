using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interp.Tests.Weights.Formats;

/// <summary>
/// The weight files that scripts/make_weight_fixtures.py and scripts/make_module_fixtures.py wrote, and what PyTorch reads from them.
/// </summary>
internal static class Fixtures
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A tensor that a file holds; values are null where there is no conversion to real numbers.</summary>
    internal sealed record Tensor(string Name, string Type, long[] Shape, double[]? Values);

    /// <summary>A module that a file holds: its class and its plain attributes.</summary>
    internal sealed record Module(string Class, Dictionary<string, JsonElement> Attributes);

    /// <summary>What a file of whole modules holds: the tensors of their state dicts, in order, and the modules by path.</summary>
    internal sealed record ModuleFile(Tensor[] Tensors, Dictionary<string, Module> Modules);

    /// <summary>The files of whole modules by name.</summary>
    internal static IReadOnlyDictionary<string, ModuleFile> Modules { get; } = Read<ModuleFile>("modules/modules.json");

    /// <summary>The tensors of every fixture by file name.</summary>
    internal static IReadOnlyDictionary<string, Tensor[]> Expected { get; } =
        Read<Tensor[]>("expected.json").Concat(Modules.Select(m => KeyValuePair.Create(m.Key, m.Value.Tensors))).ToDictionary();

    /// <summary>The path of a fixture.</summary>
    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", file);

    /// <summary>The bytes of a fixture.</summary>
    internal static byte[] BytesOf(string file) => File.ReadAllBytes(PathOf(file));

    private static Dictionary<string, T> Read<T>(string file) =>
        JsonSerializer.Deserialize<Dictionary<string, T>>(File.ReadAllText(PathOf(file)), Options)!;
}
