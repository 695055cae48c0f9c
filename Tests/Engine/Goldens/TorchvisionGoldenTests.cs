using Interp.Tests.Support;
using Interp.Tests.Weights.Architectures;
using Interp.Weights.Formats;

namespace Interp.Tests.Engine.Goldens;

/// <summary>The goldens of torchvision's families are complete and consistent in themselves.</summary>
[TestClass]
public sealed class TorchvisionGoldenTests
{
    public static IEnumerable<object[]> Cases => TorchvisionGolden.Names.Select(n => new object[] { n });

    [TestMethod]
    public void Names_EveryFamily()
    {
        var families = new HashSet<string>();
        foreach (string name in TorchvisionGolden.Names)
        {
            using var golden = TorchvisionGolden.Open(name);
            families.Add(TorchvisionTable.Of(golden.Network).Family);
        }

        CollectionAssert.AreEquivalent(TorchvisionTable.Families, families.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Open_ShapesNormsAndRulesAgree(string name)
    {
        using var golden = TorchvisionGolden.Open(name);
        (_, float[] logits) = golden.Logits;
        (_, float[] feature) = golden.Feature;
        string last = golden.Norms.Keys.Last();

        Assert.HasCount(7, logits);
        Assert.IsLessThan(7, golden.Target);
        Assert.AreEqual(golden.Norms[last], Norm(logits), 1e-6 * golden.Norms[last]);
        Assert.AreEqual(golden.Norms[golden.FeatureNode], Norm(feature), 1e-6 * golden.Norms[golden.FeatureNode]);
        foreach (string rule in (string[])["vanilla", "guided", "deconvnet"])
        {
            Assert.AreEqual(golden.Input.Shape, golden.Gradient(rule).Shape, rule);
            Assert.IsGreaterThan(0, Norm(golden.Gradient(rule).Values), rule);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Weights_HaveTheKeysOfTheArchitecture(string name)
    {
        using var golden = TorchvisionGolden.Open(name);
        using WeightSource source = WeightFormats.Open(golden.Weights);
        HashSet<string> known = [.. TorchvisionTable.Of(golden.Network).Tensors.Select(t => t.Name)];

        foreach (WeightEntry entry in source.Entries)
        {
            Assert.Contains(entry.Name, known);
        }
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
}
