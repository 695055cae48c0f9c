using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Graphs.Evaluation;

namespace Interp.Tests.Weights.Graphs;

/// <summary>ONNX's own cases of the operators that are evaluated on constants.</summary>
[TestClass]
public sealed class NodeCaseTests
{
    public static IEnumerable<object[]> Names => NodeCase.All.Keys.Select(n => new object[] { n });

    public static IEnumerable<object[]> MovementNames => NodeCase.All.Values
        .Where(c => c.Nodes.Length == 1 && Movements.Moves(c.Nodes[0].Operator) && !Refused(c.Name)).Select(c => new object[] { c.Name });

    /// <summary>Resize computes new elements in these modes; the layer does it, not constants.</summary>
    private static bool Refused(string name) => name.StartsWith("resize", StringComparison.Ordinal)
        && (!name.Contains("nearest", StringComparison.Ordinal));

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Constants_OnnxCase_GiveWhatOnnxSays(string name)
    {
        NodeCase nodes = NodeCase.All[name];
        if (Refused(name))
        {
            Errors.Of<ModelException>(() => Evaluate(nodes, GraphConstants.Small), "operator Resize", "moves no elements");
            return;
        }

        foreach (int small in new[] { GraphConstants.Small, -1 })
        {
            GraphConstants constants = Evaluate(nodes, small);
            foreach ((string output, GraphTensor expected) in nodes.Outputs)
            {
                GraphTensor actual = constants.Find(output)!;
                Assert.AreSame(expected.Type, actual.Type);
                CollectionAssert.AreEqual(expected.Shape.ToArray(), actual.Shape.ToArray());
                AreNear(expected, InPieces(actual));
            }
        }
    }

    /// <summary>The same movement of the places of elements leads to the same elements.</summary>
    [TestMethod]
    [DynamicData(nameof(MovementNames))]
    public void Movements_OfPlaces_LeadToTheElements(string name)
    {
        NodeCase nodes = NodeCase.All[name];
        OperatorNode node = nodes.Nodes[0];
        GraphTensor?[] inputs = [.. node.Inputs.Select(n => n.Length == 0 ? null : nodes.Inputs[n])];
        var elements = new List<double>();
        var data = new List<Block<int>?>();
        for (int k = 0; k < inputs.Length; k++)
        {
            if (inputs[k] is { } moved && Movements.IsMoved(node.Operator, k))
            {
                double[] values = moved.Read();
                data.Add(new Block<int>(Shape(moved), [.. Enumerable.Range(elements.Count, values.Length)]));
                elements.AddRange(values);
            }
            else
            {
                data.Add(null);
            }
        }

        double fill = node.Operator == "Pad" && inputs.Length > 2 ? inputs[2]!.Read()[0] : 0;
        Block<int>[] places = Movements.Apply(
            node, data, k => k < inputs.Length && inputs[k] is { } t ? new Block<double>(Shape(t), t.Read()) : null, -1);
        for (int k = 0; k < places.Length; k++)
        {
            GraphTensor expected = nodes.Outputs[node.Outputs[k]];
            CollectionAssert.AreEqual(Shape(expected), places[k].Shape);
            CollectionAssert.AreEqual(expected.Read(), places[k].Values.Select(p => p < 0 ? fill : elements[p]).ToArray());
        }
    }

    private static ImmutableArray<int> Shape(GraphTensor tensor) => [.. tensor.Shape.Select(s => (int)s)];

    private static GraphConstants Evaluate(NodeCase nodes, int small)
    {
        var constants = new GraphConstants(nodes.Inputs, _ => null, small);
        foreach (OperatorNode node in nodes.Nodes)
        {
            Assert.IsTrue(constants.TryEvaluate(node), node.Where);
        }

        return constants;
    }

    /// <summary>Read as a writer does, in pieces of an odd size, and then in one.</summary>
    private static double[] InPieces(GraphTensor tensor)
    {
        var values = new double[tensor.Count];
        for (int i = 0; i < values.Length; i += 7)
        {
            tensor.Read(i, values.AsSpan(i, Math.Min(7, values.Length - i)));
        }

        CollectionAssert.AreEqual(values, tensor.Read());
        return values;
    }

    /// <summary>Whole numbers exactly. ONNX's numbers were computed in their own type, of up to some hundred terms: 2^-24 (2^-11 for
    /// float16) times a few dozen, relative to the number, or for differences to terms of the order of one.</summary>
    private static void AreNear(GraphTensor expected, double[] actual)
    {
        double relative = expected.Type.Name switch { "float16" => 1e-2, "bfloat16" => 0, _ => expected.IsInteger ? 0 : 2e-6 };
        double[] values = expected.Read();
        for (int i = 0; i < values.Length; i++)
        {
            if (!values[i].Equals(actual[i]))
            {
                double bound = relative * Math.Max(1, Math.Abs(values[i]));
                Assert.IsTrue(Math.Abs(values[i] - actual[i]) <= bound, $"element {i} is {actual[i]}, expected {values[i]}");
            }
        }
    }
}
