using System.Globalization;
using System.Text.RegularExpressions;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>What one thread, and shared memory what one block, of a kernel takes.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Registers">Registers of 32 bits.</param>
/// <param name="SpillBytes">Bytes moved between registers and memory because there were too few, and of arrays that found no
/// registers.</param>
/// <param name="SharedBytes">Static shared memory.</param>
internal sealed partial record KernelResources(string Kernel, int Registers, int SpillBytes, int SharedBytes)
{
    /// <summary>Reads the assembler's report.</summary>
    public static IEnumerable<KernelResources> Parse(string report) => Entry().Matches(report).Select(m => new KernelResources(
        m.Groups["name"].Value, Number(m, "registers"), Number(m, "stack") + Number(m, "stores") + Number(m, "loads"),
        Number(m, "shared")));

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"Compiling entry function '(?<name>\w+)'[^\n]*\n[^\n]*\n[^\n]*?(?<stack>\d+) bytes stack frame, "
        + @"(?<stores>\d+) bytes spill stores, "
        + @"(?<loads>\d+) bytes spill loads\n[^\n]*Used (?<registers>\d+) registers([^\n]*?(?<shared>\d+) bytes smem)?")]
    private static partial Regex Entry();
}
