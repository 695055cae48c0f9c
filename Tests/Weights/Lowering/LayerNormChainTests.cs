using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Layer norms that are written out.</summary>
[TestClass]
public sealed class LayerNormChainTests
{
    [TestMethod]
    [DataRow(true, true)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    public void Chain_OverChannels_IsALayerNorm(bool pow, bool factors)
    {
        GraphMaker maker = Chain(-1, pow, factors).Then("Transpose", null, null, ("perm", new[] { 0, 3, 1, 2 })).Conv(4, 2, 2);
        ImportedNetwork imported = LoweringCheck.Same(maker.Build());

        Assert.AreEqual("conv2d layernorm conv2d", LoweringCheck.Kinds(imported));
        Assert.AreEqual(new LayerNorm(4, 1e-3f), imported.Plan.Nodes[2].Layer);
    }

    [TestMethod]
    public void Chain_OverAnotherAxis_IsRefused() =>
        Errors.Of<ModelException>(
            () => GraphImporter.Import(Chain(2, true, false).Build(), new ImportOptions()), "operator ReduceMean", "axes 2");

    private static GraphMaker Chain(int axis, bool pow, bool factors)
    {
        GraphMaker maker = new GraphMaker([null, 3, 6, 5]).Conv(3, 4, 3);
        string x = maker.Then("Transpose", null, null, ("perm", new[] { 0, 2, 3, 1 })).Last;
        string d = maker.Add("Sub", [x, maker.Add("ReduceMean", [x, maker.Whole(axis)])]);
        string square = pow ? maker.Add("Pow", [d, maker.Constant([], 2)]) : maker.Add("Mul", [d, d]);
        maker.Add("ReduceMean", [square, maker.Whole(axis)]);
        maker.Then("Add", [maker.Constant([], 1e-3f)]).Then("Sqrt");
        maker.Add("Div", [d, maker.Last]);
        return factors ? maker.Then("Mul", [maker.Parameter(1, 0.5, 4)]).Then("Add", [maker.Parameter(0, 1, 4)]) : maker;
    }
}
