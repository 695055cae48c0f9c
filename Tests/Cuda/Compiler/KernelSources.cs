using System.Text.RegularExpressions;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>The kernels' sources and the PTX that is committed beside them.</summary>
internal static partial class KernelSources
{
    /// <summary>The modules: files <c>NAME.cu</c>, without the ending.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Repository.PathOf("Cuda", "Kernels"), "*.cu").Select(f => Path.GetFileNameWithoutExtension(f)).Order(
        StringComparer.Ordinal);

    public static string Header => File.ReadAllText(PathOf("common.cuh"));

    public static string Source(string module) => File.ReadAllText(PathOf(module + ".cu"));

    public static string PtxPath(string module) => PathOf(module + ".ptx");

    public static string Ptx(string module) => File.ReadAllText(PtxPath(module));

    /// <summary>
    /// The kernels that a source defines, with the types of their parameters as it has them. The name is a pattern: what a macro fills in
    /// stands for any word.
    /// </summary>
    public static IEnumerable<(string NamePattern, string[] Types)> Signatures(string module) =>
        Definition().Matches(Source(module)).Select(
        m => (MacroParameter().Replace(m.Groups["name"].Value, @"\w+"), Types(m.Groups["parameters"].Value)));

    private static string[] Types(string parameters) =>
        [.. parameters.Split(',').Select(p => ParameterName().Replace(p.Trim(), "").Trim())];

    private static string PathOf(string file) => Repository.PathOf("Cuda", "Kernels", file);

    [GeneratedRegex(@"^\s*(BARRIER_)?KERNEL (?<name>[\w#]+)\((?<parameters>[^)]*)\)", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"##\w+")]
    private static partial Regex MacroParameter();

    [GeneratedRegex(@"\w+$")]
    private static partial Regex ParameterName();
}
