using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Evaluation;

namespace Interp.Tests.Weights.Graphs;

/// <summary>Operators of damaged or malicious files: refused in one line, before memory is taken.</summary>
[TestClass]
public sealed class HostileConstantTests
{
    private const double Huge = 1L << 40;
    private const long Taken = 256L << 20;

    private static readonly GraphTensor Matrix = Operators.Counted(2, 3);
    private static readonly (string Op, GraphTensor?[] Inputs, (string, object)[] Attributes)[] Cases = [
        ("Tile", [Matrix, Operators.Ints(Huge, 1)], []),
        ("Tile", [Matrix, Operators.Ints(30000, 30000)], []),
        ("Tile", [Operators.Floats([0, 1]), Operators.Ints(1, -1)], []),
        ("Expand", [Matrix, Operators.Ints(Huge, 2, 3)], []),
        ("Expand", [Matrix, Operators.Ints(60000, 60000, 2, 3)], []),
        ("Expand", [Matrix, Operators.Ints(1, 1, 1, 1, 1, 1, 1, 2, 3)], []),
        ("ConstantOfShape", [Operators.Ints(Huge)], []),
        ("ConstantOfShape", [Operators.Ints(-1)], []),
        ("ConstantOfShape", [Operators.Ints(65536, 65536)], []),
        ("ConstantOfShape", [Operators.Ints(65536, 65536, 65536, 65536, 0.5)], []),
        ("Range", [Operators.Int(0), Operators.Int(1e18), Operators.Int(1)], []),
        ("Range", [Operators.Int(0), Operators.Int(5), Operators.Int(0)], []),
        ("Range", [Operators.Floats([], double.NaN), Operators.Floats([], 1), Operators.Floats([], 1)], []),
        ("Range", [Operators.Ints(0, 1), Operators.Int(5), Operators.Int(1)], []),
        ("OneHot", [Operators.Ints(0), Operators.Int(Huge), Operators.Floats([2], 0, 1)], []),
        ("OneHot", [Operators.Ints(0), Operators.Int(-1), Operators.Floats([2], 0, 1)], []),
        ("Pad", [Matrix, Operators.Ints(0, 1L << 62, 0, 1L << 62)], []),
        ("Pad", [Matrix, Operators.Ints(0, 1 << 30, 0, 1 << 30)], []),
        ("Pad", [Operators.Floats([0]), Operators.Ints(1, 1)], [("mode", "reflect")]),
        ("Reshape", [Matrix, Operators.Ints(1L << 62, 4)], []),
        ("Reshape", [Matrix, Operators.Ints(65536, 65536, 65536, 65536, -1)], []),
        ("Reshape", [Matrix], []),
        ("Resize", [Matrix, null, Operators.Floats([2], 1e30, 1)], []),
        ("Resize", [Matrix, null, Operators.Floats([2], -1, 1)], []),
        ("Resize", [Matrix, null, null, Operators.Ints(1 << 20, 1 << 20)], []),
        ("Split", [Matrix, Operators.Ints(9e18)], []),
        ("SplitToSequence", [Operators.Floats([0, 3]), Operators.Int(-1)], []),
        ("Gather", [Matrix, Operators.Ints(2)], []),
        ("Gather", [Matrix, Operators.Ints(0)], [("axis", 5L)]),
        ("GatherElements", [Matrix, Operators.Ints(0)], []),
        ("GatherND", [Matrix, Operators.Ints(0, 0, 0)], []),
        ("GatherND", [Matrix, Operators.Ints(0, 5)], []),
        ("ScatterND", [Matrix, Operators.Ints(0, 5), Operators.Floats([], 1)], []),
        ("ScatterND", [Matrix, Operators.Ints(0), Operators.Floats([], 1)], []),
        ("ScatterElements", [Matrix, Matrix, Operators.Ints(0)], []),
        ("ScatterElements", [Matrix, Matrix, Matrix], [("reduction", "median")]),
        ("Slice", [Matrix, Operators.Ints(0), Operators.Ints(1), Operators.Ints(0), Operators.Ints(0)], []),
        ("Slice", [Matrix, Operators.Ints(0, 0), Operators.Ints(1)], []),
        ("Unsqueeze", [Matrix, Operators.Ints(0, 0)], []),
        ("Unsqueeze", [Matrix, Operators.Ints(0, 1, 2, 3, 4, 5, 6)], []),
        ("Squeeze", [Matrix, Operators.Ints(0)], []),
        ("Transpose", [Matrix], [("perm", ImmutableArray.Create(0L, 0L))]),
        ("Flatten", [Matrix], [("axis", 3L)]),
        ("Concat", [Matrix, Operators.Ints(1)], [("axis", 0L)]),
        ("Concat", [Matrix, Matrix], []),
        ("Compress", [Matrix, Operators.Ints(0, 0, 1)], [("axis", 0L)]),
        ("MatMul", [Matrix, Matrix], []),
        ("MatMul", [Operators.Counted(40000, 1), Operators.Counted(1, 40000)], []),
        ("Gemm", [Matrix, Matrix], [("transA", 1L), ("transB", 1L)]),
        ("Einsum", [Operators.Counted(10000), Operators.Counted(10000)], [("equation", "a,b->ab")]),
        ("Einsum", [Operators.Counted(10000), Operators.Counted(10000), Operators.Counted(10000)], [("equation", "a,b,c->")]),
        ("Einsum", [Matrix], [("equation", "ii->i")]),
        ("TopK", [Matrix, Operators.Int(4)], []),
        ("ArgMax", [Operators.Floats([2, 0])], [("axis", 1L)]),
        ("CumSum", [Matrix, Operators.Int(2)], []),
        ("Trilu", [Operators.Ints(1)], []),
        ("DepthToSpace", [Operators.Counted(1, 4, 1, 1)], [("blocksize", 1L << 40)]),
        ("EyeLike", [Matrix], [("dtype", 999L)]),
        ("Add", [Operators.Counted(4000, 1), Operators.Counted(1, 4000)], []),
        ("Add", [Matrix], []),
        ("Cast", [Matrix], []),
    ];

    public static IEnumerable<object[]> Numbers => Enumerable.Range(0, Cases.Length).Select(k => new object[] { k, Cases[k].Op });

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void TryEvaluate_HostileInput_IsRefusedBeforeMemoryIsTaken(int number, string op)
    {
        (_, GraphTensor?[] inputs, (string, object)[] attributes) = Cases[number];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Errors.Of<ModelException>(() => Operators.Evaluate(op, inputs, attributes), $"operator {op} (node 'n', module 'm'): ");
        Assert.IsLessThan(Taken, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void TryEvaluate_ManyLargeResults_AreRefusedTogether()
    {
        var constants = new GraphConstants(
            new Dictionary<string, GraphTensor> { ["x"] = Operators.Counted(1 << 22), ["axis"] = Operators.Int(0) }, _ => null);
        Errors.Of<ModelException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                constants.TryEvaluate(Operators.Node("NonZero", ["x"], [$"y{i}"]));
            }
        }, "operator NonZero", "more than 33554432 elements");
    }
}
