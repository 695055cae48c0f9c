using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Interp.Cuda.Native;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Native;

/// <summary>The bindings are what NVIDIA's headers declare, by tables that were written independently of them.</summary>
[TestClass]
public sealed class SignatureTests
{
    private static readonly Assembly Product = typeof(CudaDriver).Assembly;

    public TestContext TestContext { get; set; } = null!;

    internal static IEnumerable<MethodInfo> Bindings =>
        Product.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(m => m.GetCustomAttribute<LibraryImportAttribute>() is not null);

    [TestMethod]
    public void Bindings_AreThoseOfTheTable()
    {
        MethodInfo[] bindings = [.. Bindings];

        Assert.IsGreaterThan(60, bindings.Length);
        CollectionAssert.AreEquivalent(
            new[] { "cuda", "cublas", "cudnn", "nvrtc" }, bindings.Select(b => b.GetCustomAttribute<LibraryImportAttribute>()!.LibraryName)
            .Distinct().ToArray());
        string[] faults = [
            .. bindings.Select(b => CFunction.Fault(b.GetCustomAttribute<LibraryImportAttribute>()!.LibraryName, b)).OfType<string>()];
        Assert.IsEmpty(faults, string.Join("\n", faults));
        Assert.IsTrue(bindings.All(b => b.GetCustomAttribute<LibraryImportAttribute>()!.EntryPoint is null),
            "bindings are called as they are exported");
    }

    [TestMethod]
    public void Enums_HaveTheValuesOfTheTable()
    {
        ILookup<string, Dictionary<string, string>> table = Tsv.Read("cuda", "enums.tsv").ToLookup(r => r["type"]);
        Type[] enums = [.. Product.GetTypes().Where(t => t.IsEnum && t.Namespace == typeof(CudaDriver).Namespace)];

        Assert.IsGreaterThan(10, enums.Length);
        foreach (Type type in enums)
        {
            EnumPair? pair = EnumPair.Of(type);
            Assert.IsNotNull(pair, $"{type.Name}: say in EnumPair which type of the headers it is");
            foreach (string member in Enum.GetNames(type))
            {
                string[] values = [.. table[pair.Name].Where(r => pair.Names(r["name"], member)).Select(r => r["value"])];
                Assert.HasCount(1, values, $"{pair.Name} has no constant for {type.Name}.{member} in the table of enums");
                Assert.AreEqual(values[0],
                    Convert.ToInt64(Enum.Parse(type, member), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
                    $"{type.Name}.{member}");
            }
        }
    }

    [TestMethod]
    [DataRow(typeof(CudnnAlgorithm), "cudnnConvolutionFwdAlgoPerf_t")]
    [DataRow(typeof(CudnnAlgorithm), "cudnnConvolutionBwdDataAlgoPerf_t")]
    public void Structs_HaveTheLayoutOfTheTable(Type type, string name)
    {
        int[] offsets = [
            .. Tsv.Read("cuda", "structs.tsv").Where(r => r["type"] == name).Select(
            r => int.Parse(r["offset"], CultureInfo.InvariantCulture))];

        CollectionAssert.AreEqual(offsets, type.GetFields().Select(f => (int)Marshal.OffsetOf(type, f.Name)).ToArray());
    }

    [TestMethod]
    public void Planted_WrongBindings_AreAllRejected()
    {
        MethodInfo[] planted = typeof(PlantedBindings).GetMethods(BindingFlags.Static | BindingFlags.Public);

        Assert.HasCount(PlantedBindings.Count, planted);
        foreach (MethodInfo method in planted)
        {
            string library = method.Name.StartsWith("cublas", StringComparison.Ordinal) ? "cublas"
                : method.Name.StartsWith("cudnn", StringComparison.Ordinal) ? "cudnn" : "cuda";
            string? fault = CFunction.Fault(library, method);
            Assert.IsNotNull(fault, method.ToString());
            TestContext.WriteLine(fault);
        }
    }

    [TestMethod]
    public void Planted_RightBinding_IsAcceptedInItsLibraryOnly()
    {
        MethodInfo right = Bindings.Single(b => b.Name == nameof(CudaDriver.cuMemAlloc_v2));

        Assert.IsNull(CFunction.Fault("cuda", right));
        Assert.IsNotNull(CFunction.Fault("cudnn", right));
    }
}
