using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Evaluation;

namespace Interp.Tests.Weights.Graphs;

/// <summary>What ONNX's own cases of operators on constants leave out: chains, types, newer attributes, and what is read when.</summary>
[TestClass]
public sealed class GraphConstantsTests
{
    /// <summary>x.view(x.size(0), -1, 2 * x.size(3) // 3), as exporters write it.</summary>
    [TestMethod]
    public void TryEvaluate_ShapeOfAValue_LeadsToTheShapeOfAReshape()
    {
        var constants = new GraphConstants(
            new Dictionary<string, GraphTensor>
            {
                ["zero"] = Operators.Int(0), ["last"] = Operators.Ints(-1), ["end"] = Operators.Ints(9223372036854775807),
                ["two"] = Operators.Int(2), ["three"] = Operators.Int(3), ["axes"] = Operators.Ints(0), ["rest"] = Operators.Ints(-1),
            }, name => name == "x" ? [2, 8, 5, 7] : null);
        OperatorNode[] nodes = [
            Operators.Node("Shape", ["x"], ["shape"]),
            Operators.Node("Gather", ["shape", "zero"], ["n"], ("axis", 0L)),
            Operators.Node("Slice", ["shape", "last", "end"], ["w1"]),
            Operators.Node("Squeeze", ["w1"], ["w"]),
            Operators.Node("Mul", ["w", "two"], ["w2"]),
            Operators.Node("Div", ["w2", "three"], ["w3"]),
            Operators.Node("Unsqueeze", ["n", "axes"], ["n1"]),
            Operators.Node("Unsqueeze", ["w3", "axes"], ["w4"]),
            Operators.Node("Concat", ["n1", "rest", "w4"], ["to"], ("axis", 0L)),
        ];
        Assert.IsTrue(nodes.All(constants.TryEvaluate));
        Operators.AreEqual([3], [2, -1, 4], constants.Find("to")!);
        Assert.AreSame(ElementType.Int64, constants.Find("to")!.Type);
        CollectionAssert.AreEqual(new double[] { 2, -1, 4 }, constants.Inputs(Operators.Node("Reshape", ["x", "to"], ["y"]))(1)!.Values);
        Errors.Of<ModelException>(() => constants.Inputs(Operators.Node("Reshape", ["x", "y"], ["z"]))(1), "input 1 ('y') is not constant");
    }

    [TestMethod]
    public void TryEvaluate_WhatIsNoConstant_IsLeftAlone()
    {
        var constants = new GraphConstants(new Dictionary<string, GraphTensor> { ["c"] = Operators.Ints(1) }, _ => null);
        Assert.IsFalse(constants.TryEvaluate(Operators.Node("Add", ["c", "x"], ["y"])), "an input");
        Assert.IsFalse(constants.TryEvaluate(Operators.Node("Shape", ["x"], ["y"])), "an unknown shape");
        Assert.IsFalse(constants.TryEvaluate(Operators.Node("RandomNormal", [], ["y"])), "chance");
        Assert.IsFalse(constants.TryEvaluate(Operators.Node("Conv", ["c", "c"], ["y"])), "not of the list");
        Assert.IsNull(constants.Find("y"));
        Assert.IsNull(constants.Values("x"));
    }

    [TestMethod]
    public void TryEvaluate_LargeResult_IsComputedWhenItIsRead()
    {
        var reads = new CountedReads(300, 400);
        var constants = new GraphConstants(new Dictionary<string, GraphTensor> { ["w"] = reads, ["s"] = Operators.Int(2) }, _ => null);
        Assert.IsTrue(constants.TryEvaluate(Operators.Node("Transpose", ["w"], ["t"])));
        Assert.IsTrue(constants.TryEvaluate(Operators.Node("Mul", ["t", "s"], ["m"])));
        Assert.AreEqual(0, reads.Elements);
        GraphTensor m = constants.Find("m")!;
        Span<double> two = stackalloc double[2];
        m.Read(0, two);
        m.Read(1, two);
        Assert.AreEqual(800, two[0]);
        Assert.AreEqual(120000, reads.Elements, "held while it is read");
        m.Read(119998, two);
        Assert.AreEqual(2 * 119999, two[1]);
        m.Read(0, two);
        Assert.AreEqual(240000, reads.Elements, "released at its end");
    }

    [TestMethod]
    public void TryEvaluate_SameWayTwiceAndTwice_EndsSoon()
    {
        var constants = new GraphConstants(new Dictionary<string, GraphTensor> { ["x0"] = new CountedReads(100, 1000) }, _ => null);
        for (int i = 0; i < 100; i++)
        {
            Assert.IsTrue(constants.TryEvaluate(Operators.Node(i % 2 == 0 ? "Add" : "Max", [$"x{i}", $"x{i}"], [$"x{i + 1}"])));
        }

        Assert.AreEqual(Math.Pow(2, 50) * 5, constants.Find("x100")!.Read()[5]);
    }

    [TestMethod]
    public void Arithmetic_OfWholeNumbers_IsCs()
    {
        Operators.AreEqual([4], [2, -2, -2, 2], Operators.Evaluate("Div", [Operators.Ints(7, -7, 7, -7), Operators.Ints(3, 3, -3, -3)]));
        Operators.AreEqual([1], [9223372036854775807], Operators.Evaluate("Min", [Operators.Ints(9223372036854775807)]));
        Operators.AreEqual([1], [-128], Operators.Evaluate("Add", [Bytes(127), Bytes(1)]));
        Operators.AreEqual([1], [0], Operators.Evaluate("Floor", [Operators.Ints(0)]));
        Errors.Of<ModelException>(() => Operators.Evaluate("Div", [Operators.Ints(1), Operators.Ints(0)]), "operator Div", "1 divided by zero");
        Errors.Of<ModelException>(() => Operators.Evaluate("Mod", [Operators.Ints(1), Operators.Ints(0)]), "1 modulo zero");
        Errors.Of<ModelException>(() => Operators.Evaluate("Mul", [Operators.Ints(1L << 30), Operators.Ints(1L << 30)]), "type int64");
        Errors.Of<ModelException>(() => Operators.Evaluate("Mod", [Operators.Counted(1), Operators.Counted(1)]), "fmod");

        static HeldTensor Bytes(double value) => new(ElementType.Int8, [1], [value]);
    }

    [TestMethod]
    public void Cast_ToAnyType_RoundsAsRuntimesDo()
    {
        GraphTensor tenth = Operators.Floats([3], 0.1f, 65519.9, 1e-30);
        Operators.AreEqual([3], [(double)(Half)0.1f, 65504, 0], Operators.Evaluate("Cast", [tenth], ("to", 10L)));
        GraphTensor product = Operators.Evaluate("Mul", [Operators.Floats([1], 0.7f), Operators.Floats([1], 10)]);
        Assert.AreNotEqual(7, product.Read()[0], "in float64");
        Operators.AreEqual([1], [7], Operators.Evaluate("Cast", [product], ("to", 7L)));
        Operators.AreEqual([1], [7], Operators.Evaluate("Floor", [product]));
        Operators.AreEqual([3], [-2, 2, 0], Operators.Evaluate("Cast", [Operators.Floats([3], -2.9, 2.9, -0.5)], ("to", 6L)));
        Operators.AreEqual([3], [1, 0, 1], Operators.Evaluate("Cast", [Operators.Floats([3], -0.25, 0, double.NaN)], ("to", 9L)));
        Operators.AreEqual([2], [255, 1], Operators.Evaluate("Cast", [Operators.Ints(-1, 257)], ("to", 2L)));
        Operators.AreEqual([4], [0, 2, 2, -2], Operators.Evaluate("Round", [Operators.Floats([4], 0.5, 1.5, 2.5, -1.5)]));
        Errors.Of<ModelException>(() => Operators.Evaluate("Cast", [Operators.Floats([1], double.NaN)], ("to", 7L)), "NaN");
        Errors.Of<ModelException>(() => Operators.Evaluate("Cast", [tenth], ("to", 8L)), "type number 8");
    }

    [TestMethod]
    public void DequantizeLinear_OneScaleOneForEachOrBlocks_IsOnnxs()
    {
        GraphTensor x = new HeldTensor(ElementType.Int8, [2, 4], [1, 2, 3, 4, -1, -2, -3, -4]);
        GraphTensor zeros = new HeldTensor(ElementType.Int8, [2], [1, -1]);
        Operators.AreEqual([2, 4], [.5, 1, 1.5, 2, -.5, -1, -1.5, -2], Operators.Evaluate("DequantizeLinear", [x, Operators.Floats([], .5)]));
        Operators.AreEqual([2, 4], [0, 2, 4, 6, 0, -.5, -1, -1.5], Operators.Evaluate(
            "DequantizeLinear", [x, Operators.Floats([2], 2, .5), zeros], ("axis", 0L)));
        Operators.AreEqual([2, 4], [1, 2, 3, 8, -3, -6, -9, -16], Operators.Evaluate(
            "DequantizeLinear", [x, Operators.Floats([2, 2], 1, 2, 3, 4)], ("block_size", 3L)));
        Errors.Of<ModelException>(() => Operators.Evaluate("DequantizeLinear", [x, Operators.Floats([3], 1, 2, 3)]), "scale or zero of shape [3]");
        Errors.Of<ModelException>(
            () => Operators.Evaluate("DequantizeLinear", [x, Operators.Floats([2, 2], 1, 2, 3, 4)], ("block_size", 4L)), "block_size 4");
    }

    [TestMethod]
    public void Operators_NewerAndOlderForms_AreUnderstood()
    {
        GraphTensor x = Operators.Counted(2, 3);
        Operators.AreEqual([2, 3], [0, 1, 4, 9, 16, 25], Operators.Evaluate("ReduceSumSquare", [x], ("noop_with_empty_axes", 1L)));
        Operators.AreEqual([2], [3, 12], Operators.Evaluate("ReduceSum", [x, Operators.Ints(-1)], ("keepdims", 0L)));
        Operators.AreEqual([2, 3], [10, 11, 12, 23, 24, 25], Operators.Evaluate(
            "Add", [x, Operators.Floats([2], 10, 20)], ("broadcast", 1L), ("axis", 0L)));
        Operators.AreEqual([2, 3], [0, 1, 1.5, 1.5, 1.5, 1.5], Operators.Evaluate("Clip", [x, null, Operators.Floats([], 1.5)]));
        Operators.AreEqual([3], [5, 5, 5], Operators.Evaluate(
            "ConstantOfShape", [Operators.Ints(3)], ("value", new HeldTensor(ElementType.Int64, [1], [5]))));
        Operators.AreEqual([2], [1.5, 2], Operators.Evaluate("Constant", [], ("value_floats", ImmutableArray.Create(1.5, 2))));
        Operators.AreEqual([], [7], Operators.Evaluate("Constant", [], ("value_int", 7L)));
        Operators.AreEqual([2, 2], [5, 14, 14, 50], Operators.Evaluate("Einsum", [x, x], ("equation", "ij, kj -> ik")));
        Errors.Of<ModelException>(() => Operators.Evaluate("Einsum", [x, x], ("equation", "...j,kj")), "is not supported");
        Errors.Of<ModelException>(() => Operators.Evaluate("Constant", [], ("value_string", "text")), "no array of numbers");
        Errors.Of<ModelException>(() => Operators.Evaluate("ReduceMax", [Operators.Floats([0])]), "has no such number");
        Errors.Of<ModelException>(() => Operators.Evaluate("Add", [x, Operators.Floats([2], 1, 2)]), "do not fit each other");
        Errors.Of<ModelException>(() => Operators.Evaluate("Add", [x, x], ("beta", 1L)), "operator Add (node 'n', module 'm'): attribute 'beta'");
    }

    [TestMethod]
    public void Lists_OfArrays_AreTakenApartAndJoined()
    {
        var constants = new GraphConstants(
            new Dictionary<string, GraphTensor>
            {
                ["x"] = Operators.Counted(4, 2), ["one"] = Operators.Int(1), ["last"] = Operators.Int(-1), ["two"] = Operators.Int(2),
            }, _ => null);
        OperatorNode[] nodes = [
            Operators.Node("SplitToSequence", ["x", "one"], ["rows"]),
            Operators.Node("SequenceAt", ["rows", "last"], ["fourth"]),
            Operators.Node("SequenceErase", ["rows", "one"], ["fewer"]),
            Operators.Node("SequenceInsert", ["fewer", "fourth", "one"], ["again"]),
            Operators.Node("SequenceLength", ["again"], ["n"]),
            Operators.Node("ConcatFromSequence", ["again"], ["joined"], ("axis", 1L)),
            Operators.Node("SequenceConstruct", ["fourth", "fourth"], ["pair"]),
            Operators.Node("ConcatFromSequence", ["pair"], ["stacked"], ("axis", -1L), ("new_axis", 1L)),
        ];
        Assert.IsTrue(nodes.All(constants.TryEvaluate));
        Operators.AreEqual([1, 2], [6, 7], constants.Find("fourth")!);
        Operators.AreEqual([], [4], constants.Find("n")!);
        Operators.AreEqual([1, 8], [0, 1, 6, 7, 4, 5, 6, 7], constants.Find("joined")!);
        Operators.AreEqual([1, 2, 2], [6, 6, 7, 7], constants.Find("stacked")!);
        Assert.IsNull(constants.Find("pair"));
        Assert.AreEqual(2, constants.FindList("pair")!.Value.Length);
        Errors.Of<ModelException>(() => constants.TryEvaluate(Operators.Node("SequenceAt", ["pair", "two"], ["y"])), "place 2 of a list of 2");
        Errors.Of<ModelException>(() => constants.TryEvaluate(Operators.Node("Neg", ["pair"], ["y"])), "not a constant array");
    }

    /// <summary>Elements 0, 1, 2, … that know how many of them have been read.</summary>
    private sealed class CountedReads(params long[] shape) : GraphTensor(ElementType.Float32, [.. shape])
    {
        internal long Elements { get; private set; }

        internal override void Read(long first, Span<double> into)
        {
            Elements += into.Length;
            for (int i = 0; i < into.Length; i++)
            {
                into[i] = first + i;
            }
        }
    }
}
