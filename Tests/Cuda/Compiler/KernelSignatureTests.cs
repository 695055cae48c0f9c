using System.Text.RegularExpressions;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>The parameters that the committed PTX declares, against which the program checks every launch, are those that the sources
/// have.</summary>
[TestClass]
public sealed partial class KernelSignatureTests
{
    [TestMethod]
    public void Parameters_OfEveryKernel_AreThoseOfItsSource()
    {
        foreach (string module in KernelSources.Names)
        {
            (string NamePattern, string[] Types)[] signatures = [.. KernelSources.Signatures(module)];
            Match[] entries = [.. Entry().Matches(KernelSources.Ptx(module)).Cast<Match>()];
            Assert.IsNotEmpty(signatures, module);
            foreach (Match entry in entries)
            {
                string name = entry.Groups["name"].Value;
                (string NamePattern, string[] Types)[] found = [.. signatures.Where(s => Regex.IsMatch(name, $"^{s.NamePattern}$"))];
                Assert.HasCount(1, found, name);

                Assert.AreEqual(
                    string.Join(" ", found[0].Types.Select(PtxType)),
                    string.Join(" ", Parameter().Matches(entry.Groups["parameters"].Value).Select(p => p.Groups[1].Value)), name);
            }

            foreach ((string pattern, _) in signatures)
            {
                Assert.IsTrue(entries.Any(e => Regex.IsMatch(e.Groups["name"].Value, $"^{pattern}$")), $"{module}.ptx has no {pattern}");
            }
        }
    }

    private static string PtxType(string type) => type switch
    {
        _ when type.EndsWith('*') || type.EndsWith("__restrict__", StringComparison.Ordinal) => "u64",
        "offset" or "u64" => "u64",
        "int" or "u32" => "u32",
        "float" => "f32",
        "double" => "f64",
        _ => throw new ArgumentException($"no kernel has had a parameter of type '{type}': say here what it is in PTX"),
    };

    [GeneratedRegex(@"\.visible \.entry (?<name>\w+)\((?<parameters>[^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param \.(\w+)")]
    private static partial Regex Parameter();
}
