using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Tests.Weights.Graphs;

/// <summary>What ONNX's own cases of movements leave out: every result is written out by hand.</summary>
[TestClass]
public sealed class MovementTests
{
    [TestMethod]
    [DataRow(new[] { 2, 3, 4 }, new double[] { -1, 4 }, 0, new[] { 6, 4 })]
    [DataRow(new[] { 2, 3, 4 }, new double[] { 0, -1 }, 0, new[] { 2, 12 })]
    [DataRow(new[] { 2, 3, 4 }, new double[] { 0, 0, 2, -1 }, 0, new[] { 2, 3, 2, 2 })]
    [DataRow(new[] { 2, 0, 4 }, new double[] { 0, 4, -1 }, 1, null)]
    [DataRow(new[] { 2, 0, 4 }, new double[] { 4, 0 }, 1, new[] { 4, 0 })]
    [DataRow(new[] { 2, 0, 4 }, new double[] { 4, 0, 0 }, 0, null)]
    [DataRow(new[] { 2, 3 }, new double[] { 0, 3 }, 1, null)]
    [DataRow(new[] { 2, 3 }, new double[] { -1, -1 }, 0, null)]
    [DataRow(new[] { 2, 3 }, new double[] { -1, 4 }, 0, null)]
    [DataRow(new[] { 2, 3 }, new double[] { 2, 2, 2 }, 0, null)]
    [DataRow(new[] { 2, 3 }, new double[] { 2, 3, 0 }, 0, null)]
    [DataRow(new[] { 2, 3 }, new double[] { -2, -3 }, 0, null)]
    [DataRow(new[] { 2, 3 }, new[] { 2.5, 3 }, 0, null)]
    [DataRow(new[] { 1 }, new double[0], 0, new int[0])]
    public void Reshape_AnySizes_AreFoundOrRefused(int[] shape, double[] wanted, int allowZero, int[]? expected)
    {
        Block<int> Run() => Operators.Move("Reshape", shape, [Operators.Ints(wanted)], ("allowzero", (long)allowZero));
        if (expected is null)
        {
            Errors.Of<ModelException>(() => Run(), "operator Reshape (node 'n', module 'm'): ");
        }
        else
        {
            CollectionAssert.AreEqual(expected, Run().Shape.ToArray());
        }
    }

    [TestMethod]
    [DataRow(0, 1e19, 1, new[] { 0, 1, 2, 3, 4 })]
    [DataRow(-1, -1e19, -1, new[] { 4, 3, 2, 1, 0 })]
    [DataRow(1e19, -1e19, -2, new[] { 4, 2, 0 })]
    [DataRow(-1e19, 1e19, 2, new[] { 0, 2, 4 })]
    [DataRow(-4, -1, 1, new[] { 1, 2, 3 })]
    [DataRow(3, 1, 1, new int[0])]
    [DataRow(1, 3, -1, new int[0])]
    [DataRow(7, 9, 1, new int[0])]
    [DataRow(-9, -7, -1, new int[0])]
    [DataRow(3, 0, -1, new[] { 3, 2, 1 })]
    [DataRow(0, 5, 1e19, new[] { 0 })]
    [DataRow(4, -6, -1e19, new[] { 4 })]
    public void Slice_AnyRange_IsCutOffAsOnnxSays(double start, double end, double step, int[] expected) => Operators.AreEqual(
        [expected.Length], expected, Operators.Move(
            "Slice", [5], [Operators.Ints(start), Operators.Ints(end), Operators.Ints(0), Operators.Ints(step)]));

    [TestMethod]
    public void Slice_OfAnEmptyAxis_IsEmpty() => Operators.AreEqual([0, 2], [], Operators.Move(
        "Slice", [0, 2], [Operators.Ints(-1), Operators.Ints(-1e19), Operators.Ints(0), Operators.Ints(-1)]));

    [TestMethod]
    public void Split_IntoPieces_LastIsSmaller()
    {
        GraphTensor[] pieces = Operators.EvaluateAll("Split", 3, [Operators.Counted(7)], ("num_outputs", 3L));
        CollectionAssert.AreEqual(new long[] { 3, 3, 1 }, pieces.Select(p => p.Shape[0]).ToArray());
        Operators.AreEqual([1], [6], pieces[2]);
        Errors.Of<ModelException>(() => Operators.EvaluateAll("Split", 3, [Operators.Counted(7)]), "7", "3 equal pieces");
        Errors.Of<ModelException>(() => Operators.EvaluateAll("Split", 2, [Operators.Counted(7)], ("num_outputs", 3L)));
        Errors.Of<ModelException>(() => Operators.EvaluateAll("Split", 2, [Operators.Counted(7), Operators.Ints(8, -1)]), "a size of -1");
    }

    [TestMethod]
    public void Pad_ModesAxesAndCrops_AreOnnxs()
    {
        Block<int> Pad(string mode, double[] pads, GraphTensor? axes = null) =>
            Operators.Move("Pad", [2, 3], [Operators.Ints(pads), null, axes], ("mode", mode));
        Operators.AreEqual([2, 6], [-1, 0, 1, 2, -1, -1, -1, 3, 4, 5, -1, -1], Pad("constant", [0, 1, 0, 2]));
        Operators.AreEqual([2, 6], [0, 0, 1, 2, 2, 2, 3, 3, 4, 5, 5, 5], Pad("edge", [1, 2], Operators.Ints(1)));
        Operators.AreEqual([2, 7], [2, 1, 0, 1, 2, 1, 0, 5, 4, 3, 4, 5, 4, 3], Pad("reflect", [2, 2], Operators.Ints(-1)));
        Operators.AreEqual([2, 6], [2, 0, 1, 2, 0, 1, 5, 3, 4, 5, 3, 4], Pad("wrap", [0, 1, 0, 2]));
        Operators.AreEqual([1, 3], [4, 5, -1], Pad("constant", [-1, -1, 0, 1]));
        Errors.Of<ModelException>(() => Pad("mirror", [0, 0, 0, 0]), "mode 'mirror'");
        Errors.Of<ModelException>(() => Pad("constant", [-2, 0, -1, 0]), "a size of -1");
        Errors.Of<ModelException>(() => Pad("constant", [1, 1]), "pads [1,1]");
    }

    [TestMethod]
    [DataRow(3, 5, "asymmetric", "floor", new[] { 0, 0, 1, 1, 2 })]
    [DataRow(3, 5, "asymmetric", "ceil", new[] { 0, 1, 2, 2, 2 })]
    [DataRow(3, 5, "asymmetric", "round_prefer_floor", new[] { 0, 1, 1, 2, 2 })]
    [DataRow(2, 4, "asymmetric", "round_prefer_floor", new[] { 0, 0, 1, 1 })]
    [DataRow(2, 4, "asymmetric", "round_prefer_ceil", new[] { 0, 1, 1, 1 })]
    [DataRow(3, 5, "half_pixel", "floor", new[] { 0, 0, 1, 1, 2 })]
    [DataRow(3, 5, "half_pixel", "ceil", new[] { 0, 1, 1, 2, 2 })]
    [DataRow(3, 5, "half_pixel", "round_prefer_floor", new[] { 0, 0, 1, 2, 2 })]
    [DataRow(3, 1, "half_pixel", "floor", new[] { 1 })]
    [DataRow(3, 1, "pytorch_half_pixel", "floor", new[] { 0 })]
    [DataRow(3, 5, "align_corners", "round_prefer_floor", new[] { 0, 0, 1, 1, 2 })]
    [DataRow(3, 5, "align_corners", "round_prefer_ceil", new[] { 0, 1, 1, 2, 2 })]
    [DataRow(3, 1, "align_corners", "ceil", new[] { 0 })]
    public void Resize_Nearest_IsTheElementThatOnnxSays(int from, int to, string coordinates, string nearest, int[] expected) =>
        Operators.AreEqual([1, to], expected, Operators.Move(
            "Resize", [1, from], [null, null, Operators.Ints(1, to)], ("mode", "nearest"),
            ("coordinate_transformation_mode", coordinates), ("nearest_mode", nearest)));

    [TestMethod]
    public void Resize_ToWholeSizes_IsExact()
    {
        for (int from = 1; from < 50; from++)
        {
            for (int to = 1; to < 50; to++)
            {
                Operators.AreEqual([to], [.. Enumerable.Range(0, to).Select(i => i * from / to)], Operators.Move(
                    "Resize", [from], [null, null, Operators.Ints(to)], ("coordinate_transformation_mode", "asymmetric"),
                    ("nearest_mode", "floor")));
            }
        }
    }

    [TestMethod]
    public void Resize_ByScalesAndPolicies_HasOnnxsSize()
    {
        var scale = new HeldTensor(ElementType.Float32, [1], [0.7f]);
        Assert.AreEqual(7, Operators.Move("Resize", [10], [null, scale]).Shape[0], "0.7f·10 is 7 in float32");
        GraphTensor sizes = Operators.Ints(8, 8);
        ImmutableArray<long> axes = [1, 2];
        Block<int> larger = Operators.Move(
            "Resize", [1, 4, 6], [null, null, sizes], ("axes", axes), ("keep_aspect_ratio_policy", "not_smaller"));
        CollectionAssert.AreEqual(new[] { 1, 8, 12 }, larger.Shape.ToArray());
        Block<int> smaller = Operators.Move(
            "Resize", [1, 4, 6], [null, null, sizes], ("axes", axes), ("keep_aspect_ratio_policy", "not_larger"));
        CollectionAssert.AreEqual(new[] { 1, 5, 8 }, smaller.Shape.ToArray());
        Errors.Of<ModelException>(() => Operators.Move("Resize", [4], [null, null, Operators.Ints(8)], ("mode", "linear")), "'linear'");
        Errors.Of<ModelException>(() => Operators.Move("Resize", [4], []), "neither scales nor sizes");
        Errors.Of<ModelException>(() => Operators.Move("Resize", [0], [null, null, Operators.Ints(8)]), "empty axis");
    }

    [TestMethod]
    public void DepthToSpace_OfSpaceToDepth_IsTheSame()
    {
        GraphTensor x = Operators.Counted(2, 3, 4, 6);
        GraphTensor deep = Operators.Evaluate("SpaceToDepth", [x], ("blocksize", 2L));
        CollectionAssert.AreEqual(new long[] { 2, 12, 2, 3 }, deep.Shape.ToArray());
        Operators.AreEqual([2, 3, 4, 6], x.Read(), Operators.Evaluate("DepthToSpace", [deep], ("blocksize", 2L)));
        Errors.Of<ModelException>(() => Operators.Evaluate("DepthToSpace", [x], ("blocksize", 2L)), "3 channels");
        Errors.Of<ModelException>(() => Operators.Evaluate("SpaceToDepth", [x], ("blocksize", 4L)), "4x6 pixels");
        Errors.Of<ModelException>(() => Operators.Evaluate("SpaceToDepth", [x]), "blocksize 0");
    }

    [TestMethod]
    public void SplitToSequence_OfPlaces_IsOneResultForEachPiece()
    {
        Block<int>[] Pieces(GraphTensor? sizes, long keep) => Movements.Apply<int>(
            Operators.Node("SplitToSequence", ["x", ""], ["y"], ("axis", 1L), ("keepdims", keep)), [
                new Block<int>([1, 5], [0, 1, 2, 3, 4]), null],
            k => sizes is null ? null : new Block<double>([.. sizes.Shape.Select(s => (int)s)], sizes.Read()), -1);
        Block<int>[] byTwo = Pieces(Operators.Int(2), 1);
        Assert.HasCount(3, byTwo);
        Operators.AreEqual([1, 1], [4], byTwo[2]);
        Operators.AreEqual([1, 3], [2, 3, 4], Pieces(Operators.Ints(2, 3), 1)[1]);
        Operators.AreEqual([1], [3], Pieces(null, 0)[3]);
        Operators.AreEqual([1, 1], [3], Pieces(null, 1)[3]);
        Errors.Of<ModelException>(() => Pieces(Operators.Int(0), 1), "pieces of size 0");
    }

    [TestMethod]
    public void Apply_UnknownAttribute_IsRefusedAtItsPlace() => Errors.Of<ModelException>(
        () => Operators.Move("Identity", [1], [], ("mode", "x")), "operator Identity (node 'n', module 'm'): attribute 'mode'");
}
