using Interp.Engine.Common;
using Interp.Weights.Architectures;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

[TestClass]
public sealed class BatchNormFoldTests
{
    [TestMethod]
    [DataRow(true, true)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(false, false)]
    public void Fold_WithAndWithoutBiasAndAffine_IsTheFormulaInDoublePrecision(bool convBias, bool affine)
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0], batchNorm: true, [5], pool: 1, convBias: convBias);
        if (!affine)
        {
            source.Remove("features.1.weight").Remove("features.1.bias");
        }

        PlannedNode conv = ArchitectureCatalog.Plan(source.Entries).Nodes.Single(n => n.Name == "features.0");
        double[] weight = Read(conv.Tensors[0], source, piece: 7);
        double[] bias = Read(conv.Tensors[1], source, piece: 3);

        Assert.AreEqual("features.0.bias", conv.Tensors[1].Name);
        for (int k = 0; k < 4; k++)
        {
            double gamma = affine ? source["features.1.weight"][k] : 1;
            double beta = affine ? source["features.1.bias"][k] : 0;
            double scale = gamma / Math.Sqrt(source["features.1.running_var"][k] + 1e-5);
            double b = convBias ? source["features.0.bias"][k] : 0;
            Assert.AreEqual((b - source["features.1.running_mean"][k]) * scale + beta, bias[k]);
            for (int i = 0; i < 27; i++)
            {
                Assert.AreEqual(source["features.0.weight"][k * 27 + i] * scale, weight[k * 27 + i]);
            }
        }
    }

    [TestMethod]
    [DataRow("features.1.running_var", -0.5, "a variance cannot be negative")]
    [DataRow("features.1.running_var", double.NaN, "'features.1.running_var' holds NaN")]
    [DataRow("features.1.running_mean", double.PositiveInfinity, "'features.1.running_mean' holds")]
    [DataRow("features.1.weight", double.NaN, "'features.1.weight' holds NaN at element 2")]
    [DataRow("features.1.bias", double.NaN, "'features.1.bias' holds NaN at element 2")]
    public void Fold_UnusableStatistics_NamesTheTensor(string name, double value, string message)
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0], batchNorm: true, [5], pool: 1);
        source[name][2] = value;
        PlannedNode conv = ArchitectureCatalog.Plan(source.Entries).Nodes.Single(n => n.Name == "features.0");

        Errors.Of<ModelException>(() => conv.Tensors[1].Read(source, 0, new double[4]), message);
    }

    private static double[] Read(TensorRecipe recipe, FakeWeightSource source, int piece)
    {
        var values = new double[recipe.Shape.Count];
        for (int first = 0; first < values.Length; first += piece)
        {
            recipe.Read(source, first, values.AsSpan(first, Math.Min(piece, values.Length - first)));
        }

        return values;
    }
}
