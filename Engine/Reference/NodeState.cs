using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Reference;

/// <summary>What a session holds for one node.</summary>
internal sealed class NodeState(Node node, Shape shape, bool backward)
{
    internal Node Node => node;

    internal Tensor64 Activation { get; } = new(shape);

    /// <summary>The gradient at the node's output; null in a session without backward passes.</summary>
    internal Tensor64? Gradient { get; } = backward ? new Tensor64(shape) : null;

    internal float[][] Weights { get; } = [.. node.Weights.Select(w => w.ToArray())];

    /// <summary>Of a frame: what stands around its patches.</summary>
    internal Tensor64? Known { get; set; }

    /// <summary>Of a frame: where it lies for each image.</summary>
    internal FramePlace[] Places { get; set; } = [];

    /// <summary>Of a ReLU: where its input was greater than 0 in the last forward pass.</summary>
    internal bool[]? Active { get; set; }

    /// <summary>
    /// Of a max pool: for each output of the last forward pass the place of the maximum in its input plane, row·width + column.
    /// </summary>
    internal int[]? Switches { get; set; }

    /// <summary>Of an activation: f'(x) of the last forward pass.</summary>
    internal double[]? Slopes { get; set; }

    /// <summary>Slopes that backward passes use instead of <see cref="Slopes"/>.</summary>
    internal double[]? ImposedSlopes { get; set; }

    /// <summary>Of an activation: inputs that decide on which piece of the function each value lies.</summary>
    internal double[]? ImposedInputs { get; set; }

    /// <summary>Decisions that backward passes use instead of <see cref="Active"/>.</summary>
    internal bool[]? ImposedActive { get; set; }

    /// <summary>Decisions that backward passes use instead of <see cref="Switches"/>.</summary>
    internal int[]? ImposedSwitches { get; set; }
}
