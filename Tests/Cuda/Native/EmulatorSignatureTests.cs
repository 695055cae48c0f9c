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
        ["int"] = 4, ["unsigned"] = 4, ["CUresult"] = 4, ["CUdevice"] = 4, ["cublasStatus_t"] = 4, ["cudnnStatus_t"] = 4,
        ["CUdeviceptr"] = 8, ["size_t"] = 8, ["long long"] = 8, ["unsigned long long"] = 8, ["unsigned char"] = 1, ["void"] = 0,
    };

    /// <summary>Only asked of NVIDIA's own library.</summary>
    private const string NotEmulated = "cuGetProcAddress_v2";

    [TestMethod]
    public void Functions_AreThoseOfTheTable()
    {
        Dictionary<string, Match> functions = Sources().SelectMany(s => Function().Matches(s)).ToDictionary(f => f.Groups["name"].Value);
        string[] missing =
            [.. CFunction.All.Values.Where(f => f.Library != "nvrtc" && f.Name != NotEmulated)
                .Select(f => f.Name).Where(n => !functions.ContainsKey(n))];

        Assert.IsEmpty(missing, string.Join(", ", missing));
        foreach (CFunction expected in CFunction.All.Values.Where(f => functions.ContainsKey(f.Name)))
        {
            CollectionAssert.AreEqual(Sizes(expected), Sizes(functions[expected.Name]), expected.Name);
        }
    }

    [TestMethod]
    public void Planted_OtherTypes_AreSeen()
    {
        Match found = Function().Match("API CUresult cuMemAlloc_v2(CUdeviceptr* address, unsigned bytes)");

        CollectionAssert.AreEqual(new[] { 4, 8, 4 }, Sizes(found));
        CollectionAssert.AreEqual(new[] { 4, 8, 8 }, Sizes(CFunction.All["cuMemAlloc_v2"]));
    }

    private static IEnumerable<string> Sources() =>
        Directory.GetFiles(Repository.PathOf("Tests", "Cuda", "Emulator"), "*.cpp").Select(File.ReadAllText);

    /// <summary>The sizes of the result and of the parameters.</summary>
    private static int[] Sizes(CFunction function) => [function.Returns.Bytes, .. function.Parameters.Select(p => p.Type.Bytes)];

    private static int[] Sizes(Match function) =>
        [Size(function.Groups["returns"].Value), .. Parameters(function).Select(p => Size(WithoutName(p)))];

    private static string[] Parameters(Match function) => Whitespace().Replace(function.Groups["parameters"].Value, " ")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string WithoutName(string parameter) => parameter[..(parameter.LastIndexOfAny([' ', '*']) + 1)];

    private static int Size(string type) =>
        type.Contains('*', StringComparison.Ordinal) ? 8 : Bytes[type.Replace("const ", "", StringComparison.Ordinal).Trim()];

    [GeneratedRegex(@"^API (?<returns>[\w ]+?\*?) ?(?<name>cu\w+)\((?<parameters>[^()]*)\)", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
