using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>A node to be written: its layer, what it reads, and how its parameters are made from the source's tensors.</summary>
internal sealed record PlannedNode(string Name, Layer Layer, ImmutableArray<string> Inputs, ImmutableArray<TensorRecipe> Tensors);

/// <summary>What a user says of a network that its state dict does not hold.</summary>
internal sealed record PlanOptions
{
    /// <summary>The architecture to take, or null for the one that the names and shapes tell.</summary>
    internal string? Architecture { get; init; }

    /// <summary>Height and width of the network's input in pixels, or null for the family's usual square.</summary>
    internal Sides? InputSize { get; init; }

    /// <summary>The input's sides for a network of that family.</summary>
    internal Sides Side(IArchitecture family) => InputSize ?? family.InputSize;

    /// <summary>Indices N of the layers <c>features.N</c> that are max-pools; null to infer them.</summary>
    internal IReadOnlyList<int>? Pools { get; init; }

    /// <summary>What is known of a network of timm's; null where nothing is.</summary>
    internal TimmSettings? Timm { get; init; }

    /// <summary>What the file says of the network's modules; null where it holds a state dict.</summary>
    internal ModuleTree? Modules { get; init; }
}

/// <summary>A network whose weights still lie in a weight file.</summary>
internal sealed class ModelPlan
{
    /// <summary>The most nodes that a network may have.</summary>
    internal const int MaxNodes = 10_000;

    private readonly List<PlannedNode> _nodes = [];
    private readonly List<string> _assumptions = [];

    /// <summary>Starts a plan whose input has the given number of channels.</summary>
    internal ModelPlan(int channels) => _nodes.Add(new PlannedNode("input", new Input(channels), [], []));

    /// <summary>Channels of the input.</summary>
    internal int Channels => ((Input)_nodes[0].Layer).Channels;

    /// <summary>Makes the input one of grey images, as long as nothing reads it.</summary>
    internal void TakeGrey() => _nodes[0] = _nodes[0] with { Layer = new Input(1) };

    /// <summary>The nodes in topological order, the input first.</summary>
    internal IReadOnlyList<PlannedNode> Nodes => _nodes;

    /// <summary>What was assumed because the file does not say it, one line each.</summary>
    internal IReadOnlyList<string> Assumptions => _assumptions;

    /// <summary>The name of the node added last.</summary>
    internal string Last => _nodes[^1].Name;

    /// <summary>Records something that was assumed, once.</summary>
    internal void Assume(string line)
    {
        if (!_assumptions.Contains(line))
        {
            _assumptions.Add(line);
        }
    }

    /// <summary>Appends a node that reads the one before it.</summary>
    internal ModelPlan Then(string name, Layer layer, params ReadOnlySpan<TensorRecipe> tensors) => Add(name, layer, [Last], tensors);

    /// <summary>Appends a node that reads the named ones.</summary>
    internal ModelPlan Add(string name, Layer layer, ImmutableArray<string> inputs, params ReadOnlySpan<TensorRecipe> tensors)
    {
        _nodes.Add(new PlannedNode(name, layer, inputs, [.. tensors]));
        return this;
    }

    /// <summary>Number of classes for an input of the given size, once the whole network has been found to fit together for it.</summary>
    /// <exception cref="Engine.Common.ModelException">It does not, or gives no row of logits; the message names the layer.</exception>
    internal int Classes(string name, Preprocessing preprocessing) => Builder().Build(name, preprocessing).Classes;

    /// <summary>The shape of the output for one image of the given size, whatever it is.</summary>
    /// <exception cref="Engine.Common.ModelException">The layers do not fit together; the message names the layer.</exception>
    internal Shape Output(string name, Preprocessing preprocessing) => Builder().BuildWithoutClasses(name, preprocessing).OwnShapes[^1];

    /// <summary>The network on weights without data: only their shapes are looked at.</summary>
    private NetworkBuilder Builder()
    {
        var builder = new NetworkBuilder(Channels);
        foreach (PlannedNode node in _nodes.Skip(1))
        {
            Weight[] weights = [.. node.Tensors.Select(t => new Weight(t.Name, t.Shape, DType.Float32, 0, null))];
            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(), weights);
        }

        return builder;
    }
}
