using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Emission;

/// <summary>Which operator of the graph, at which place in it, a node of the network is made of.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Order">Its place among the graph's operators.</param>
/// <param name="Output">Which of its outputs.</param>
internal sealed record Site(OperatorNode Operator, int Order, int Output = 0);

/// <summary>A node of the network that is being made. It gets its name when all are there.</summary>
/// <param name="layer">What it computes.</param>
/// <param name="inputs">What it reads.</param>
/// <param name="shape">Shape of its value for one image.</param>
/// <param name="site">What it is made of; null for the input.</param>
/// <param name="function">What it computes, as PyTorch's functions are called: <c>add</c>.</param>
internal sealed class EmittedNode(Layer layer, EmittedNode[] inputs, Shape shape, Site? site, string function)
{
    /// <summary>What it computes.</summary>
    internal Layer Layer { get; set; } = layer;

    /// <summary>What it reads.</summary>
    internal EmittedNode[] Inputs => inputs;

    /// <summary>Shape of its value for one image.</summary>
    internal Shape Shape => shape;

    /// <summary>What it is made of.</summary>
    internal Site? Site => site;

    /// <summary>What it computes, as PyTorch's functions are called.</summary>
    internal string Function => function;

    /// <summary>How its parameters are made, once their names are known: the weight, then the bias.</summary>
    internal Func<string, TensorRecipe>[] Tensors { get; set; } = [];

    /// <summary>The path of its module where the file's weights tell it better than the operator.</summary>
    internal string? Module { get; init; }

    /// <summary>Whether it belongs to the module that calls the site's module: a step that the file does not have.</summary>
    internal bool IsImplicit { get; init; }

    /// <summary>Its value as features, once something has asked for them.</summary>
    internal EmittedNode? Flat { get; set; }

    /// <summary>Its value as maps of one pixel, once something has asked for them.</summary>
    internal EmittedNode? Map { get; set; }

    /// <summary>Its name in the plan.</summary>
    internal string Name { get; set; } = "";
}
