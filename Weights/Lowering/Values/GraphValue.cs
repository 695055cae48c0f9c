using System.Collections.Immutable;
using Interp.Engine.Models;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Emission;

namespace Interp.Weights.Lowering.Values;

/// <summary>What a value of the graph is in the network.</summary>
/// <param name="shape">Its shape in the graph, at the batch that it is evaluated for.</param>
internal abstract class GraphValue(ImmutableArray<int> shape)
{
    /// <summary>Its shape in the graph.</summary>
    internal ImmutableArray<int> Shape => shape;
}

/// <summary>A value that depends on no image.</summary>
internal sealed class ConstantValue(GraphTensor tensor)
    : GraphValue([.. tensor.Shape.Select(size => checked((int)size))])
{
    /// <summary>Its elements.</summary>
    internal GraphTensor Tensor => tensor;

    /// <summary>Its elements, read.</summary>
    internal Block<double> Block => new(Shape, tensor.Read());
}

/// <summary>Elements of a node's value.</summary>
/// <param name="node">The node.</param>
/// <param name="layout">Where they lie.</param>
/// <param name="site">What made the value: its last movement, or else the node's operator; null for the input.</param>
/// <param name="sole">Whether nothing else reads the node's value, or any value between it and this one.</param>
internal sealed class View(EmittedNode node, Layout layout, Site? site, bool sole) : GraphValue(layout.Shape)
{
    /// <summary>The node.</summary>
    internal EmittedNode Node => node;

    /// <summary>Where the elements lie.</summary>
    internal Layout Layout => layout;

    /// <summary>What made the value.</summary>
    internal Site? Site => site;

    /// <summary>Whether nothing else reads the node's value, or any value between it and this one.</summary>
    internal bool Sole => sole;

    /// <summary>The same elements as a node's value <c>[N,C,H,W]</c>, once something has asked for it.</summary>
    internal View? Map { get; set; }
}

/// <summary>Logits behind the graph's last softmax or sigmoid, which is no node of the network.</summary>
/// <param name="logits">What stands before it.</param>
/// <param name="activation">What it is.</param>
/// <param name="site">The operator.</param>
internal sealed class Probabilities(View logits, OutputActivation activation, Site site) : GraphValue(logits.Shape)
{
    /// <summary>What stands before it.</summary>
    internal View Logits => logits;

    /// <summary>What it is.</summary>
    internal OutputActivation Activation => activation;

    /// <summary>The operator.</summary>
    internal Site Site => site;
}
