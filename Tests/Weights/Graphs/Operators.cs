using System.Collections.Immutable;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Graphs.Evaluation;

namespace Interp.Tests.Weights.Graphs;

/// <summary>Short ways to write nodes and constants.</summary>
internal static class Operators
{
    internal static OperatorNode Node(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        new(op, "n", "m", [.. inputs], [.. outputs], new OperatorAttributes(attributes.ToDictionary(a => a.Name, a => a.Value)));

    internal static GraphTensor Ints(params double[] values) => new HeldTensor(ElementType.Int64, [values.Length], values);

    internal static GraphTensor Int(double value) => new HeldTensor(ElementType.Int64, [], [value]);

    internal static GraphTensor Floats(ImmutableArray<long> shape, params double[] values) =>
        new HeldTensor(ElementType.Float32, shape, values);

    /// <summary>0, 1, 2, … in a shape.</summary>
    internal static GraphTensor Counted(params long[] shape) => new HeldTensor(
        ElementType.Float32, [.. shape], [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (double)i)]);

    /// <summary>Evaluates one node on constants; its first output.</summary>
    internal static GraphTensor Evaluate(string op, GraphTensor?[] inputs, params (string Name, object Value)[] attributes) =>
        EvaluateAll(op, 1, inputs, attributes)[0];

    /// <summary>Evaluates one node on constants; all outputs.</summary>
    internal static GraphTensor[] EvaluateAll(
        string op, int outputs, GraphTensor?[] inputs, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. inputs.Select((t, k) => t is null ? "" : $"x{k}")];
        string[] results = [.. Enumerable.Range(0, outputs).Select(k => $"y{k}")];
        var constants = new GraphConstants(
            inputs.Select((t, k) => (t, k)).Where(p => p.t is not null).ToDictionary(p => $"x{p.k}", p => p.t!), _ => null);
        Assert.IsTrue(constants.TryEvaluate(Node(op, names, results, attributes)), op);
        return [.. results.Select(r => constants.Find(r)!)];
    }

    /// <summary>Moves 0, 1, 2, … of a shape; the first result.</summary>
    internal static Block<int> Move(string op, int[] shape, GraphTensor?[] how, params (string Name, object Value)[] attributes)
    {
        string[] names = ["x", .. how.Select((t, k) => t is null ? "" : $"c{k}")];
        var data = new Block<int>([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b))]);
        return Movements.Apply<int>(
            Node(op, names, ["y"], attributes), [data, .. how.Select(_ => (Block<int>?)null)],
            k => how[k - 1] is { } t ? new Block<double>([.. t.Shape.Select(s => (int)s)], t.Read()) : null, -1)[0];
    }

    internal static void AreEqual(ImmutableArray<long> shape, double[] values, GraphTensor actual)
    {
        CollectionAssert.AreEqual(shape.ToArray(), actual.Shape.ToArray());
        CollectionAssert.AreEqual(values, actual.Read());
    }

    internal static void AreEqual(int[] shape, int[] values, Block<int> actual)
    {
        CollectionAssert.AreEqual(shape, actual.Shape.ToArray());
        CollectionAssert.AreEqual(values, actual.Values);
    }
}
