using System.Security.Cryptography;
using System.Text;
using Interp.Engine.Backends;

namespace Interp.Cli.Output;

/// <summary>One short text for everything that a result depends on: the same text, the same result.</summary>
internal static class SettingsHash
{
    /// <summary>The first sixteen hexadecimal digits of the SHA-256 of the program's version and the given settings, a line each.</summary>
    internal static string Of(IEnumerable<string> settings) => Digest(settings.Prepend(Manifest.ProgramVersion));

    /// <summary>The same without the version.</summary>
    internal static string Digest(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];

    /// <summary>What tells a file from another, without reading it: path, size and time.</summary>
    internal static string OfFile(string path)
    {
        var file = new FileInfo(path);
        return $"{file.FullName} {(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}";
    }

    /// <summary>What of the engine decides the bits: neither the number of threads does, nor a CPU's instruction set.</summary>
    internal static IEnumerable<string> Engine(Invocation run, BackendInfo backend) =>
        EngineValues(run, backend).Concat(Prepared(run)).Select(v => $"{v.Key} {v.Value}");

    /// <summary>Which images are taken as they are, where that was said.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Prepared(Invocation run) =>
        run.IsGiven(SharedOptions.Prepared) ? [new("prepared", $"{run.Get(SharedOptions.Prepared)}")] : [];

    /// <inheritdoc cref="Engine"/>
    internal static IEnumerable<KeyValuePair<string, string>> EngineValues(Invocation run, BackendInfo backend) =>
    [
        new("backend", backend.Name),
        new("device", backend.Name == "cpu" ? "" : backend.InstructionSet),
        new("conv", run.Get(SharedOptions.Convolution)),
        new("memory", run.Get(SharedOptions.Memory)),
        new("fast_math", run.Get(SharedOptions.FastMath) is var math && math == "none" ? "false" : math),
    ];
}
