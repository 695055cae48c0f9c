using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Emission;

/// <summary>The nodes of the network that is being made, in topological order.</summary>
internal sealed class NetworkEmitter(Shape input)
{
    private readonly List<EmittedNode> _nodes = [new(new Input(input[1]), [], input, null, "input") { Name = "input" }];

    /// <summary>The input.</summary>
    internal EmittedNode Input => _nodes[0];

    /// <summary>A node of the given layer, once its inputs are found to fit.</summary>
    /// <exception cref="ModelException">They do not.</exception>
    internal EmittedNode Add(Layer layer, EmittedNode[] inputs, Site? site, string function, params Func<string, TensorRecipe>[] tensors) =>
        Add(new EmittedNode(layer, inputs, layer.Infer([.. inputs.Select(i => i.Shape)]), site, function) { Tensors = tensors });

    /// <summary>A node that has been made.</summary>
    /// <exception cref="ModelException">There are more than a network may have.</exception>
    internal EmittedNode Add(EmittedNode node)
    {
        if (_nodes.Count >= 2 * ModelPlan.MaxNodes)
        {
            throw new ModelException($"the graph becomes more than {2 * ModelPlan.MaxNodes} layers, expected at most {ModelPlan.MaxNodes}");
        }

        _nodes.Add(node);
        return node;
    }

    /// <summary>The nodes that the output needs, in topological order.</summary>
    internal List<EmittedNode> Needed(EmittedNode output)
    {
        var needed = new HashSet<EmittedNode>(ReferenceEqualityComparer.Instance) { output, Input };
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (needed.Contains(_nodes[i]))
            {
                needed.UnionWith(_nodes[i].Inputs);
            }
        }

        return [.. _nodes.Where(needed.Contains)];
    }
}
