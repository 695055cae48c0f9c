using System.Text.RegularExpressions;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Native;

/// <summary>The emulated libraries take what NVIDIA's headers declare, by the tables that the bindings are checked with, too.</summary>
[TestClass]
public sealed partial class EmulatorSignatureTests
{
    /// <summary>Types of the emulated libraries' sources; everything that is a handle or a pointer has 8 bytes.</summary>
    private static readonly Dictionary<string, int> Bytes = new()
    {
        ["int"] = 4, ["unsigned"] = 4, ["CUresult"] = 4, ["CUdevice"] = 4, ["cublasStatus_t"] = 4, ["cudnnStatus_t"] = 4, ["CUdeviceptr"] = 8, ["size_t"] = 8, ["long long"] = 8,
        ["unsigned long long"] = 8, ["unsigned char"] = 1, ["void"] = 0,
    };

    [TestMethod]
    public void Functions_AreThoseOfTheTable()
    {
        Dictionary<string, Match> functions = Sources().SelectMany(s => Function().Matches(s)).ToDictionary(f => f.Groups["name"].Value);
        string[] missing = [.. CFunction.All.Values.Where(f => f.Library != "nvrtc" && f.Name != "cuGetProcAddress_v2" && !functions.ContainsKey(f.Name)).Select(f => f.Name)];

        Assert.IsEmpty(missing, string.Join(", ", missing));
        foreach (CFunction expected in CFunction.All.Values.Where(f => functions.ContainsKey(f.Name)))
        {
            Match found = functions[expected.Name];
            int[] sizes = [Size(found.Groups["returns"].Value), .. Parameters(found).Select(p => Size(p[..(p.LastIndexOfAny([' ', '*']) + 1)]))];
            CollectionAssert.AreEqual(new[] { Size(expected.Returns) }.Concat(expected.Parameters.Select(p => Size(p.Type))).ToArray(), sizes, expected.Name);
        }
    }

    [TestMethod]
    public void Planted_OtherTypes_AreSeen()
    {
        Match found = Function().Match("API CUresult cuMemAlloc_v2(CUdeviceptr* address, unsigned bytes)");
        CFunction expected = CFunction.All["cuMemAlloc_v2"];

        CollectionAssert.AreEqual(new[] { 8, 4 }, Parameters(found).Select(p => Size(p[..(p.LastIndexOfAny([' ', '*']) + 1)])).ToArray());
        CollectionAssert.AreEqual(new[] { 8, 8 }, expected.Parameters.Select(p => Size(p.Type)).ToArray());
    }

    private static IEnumerable<string> Sources() => Directory.GetFiles(Repository.PathOf("Tests", "Cuda", "Emulator"), "*.cpp").Select(File.ReadAllText);

    private static string[] Parameters(Match function) => [.. Whitespace().Replace(function.Groups["parameters"].Value, " ").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static int Size(string type) => type.Contains('*', StringComparison.Ordinal) ? 8 : Bytes[type.Replace("const ", "", StringComparison.Ordinal).Trim()];

    private static int Size(CType type) => type.Bytes;

    [GeneratedRegex(@"^API (?<returns>[\w ]+?\*?) ?(?<name>cu\w+)\((?<parameters>[^()]*)\)", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
