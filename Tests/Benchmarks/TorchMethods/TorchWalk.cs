using Interp.Engine.Graph;
using Interp.Engine.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>
/// A forward pass that remembers every layer's input and output, and a backward pass in which a rule decides what each layer hands down:
/// what hooks on
/// the modules do in Python. ReLUs are not in place, as captum demands of models that it puts hooks on.
/// </summary>
internal sealed class TorchWalk
{
    private readonly List<Step> _steps = [];

    /// <summary>Runs forward.</summary>
    public TorchWalk(TorchNetwork network, Tensor x)
    {
        foreach (Node node in network.Layers)
        {
            x = x.detach().requires_grad_(true);
            Tensor y = node.Layer is ReLU ? nn.functional.relu(x) : network.Forward(x, [node]);
            _steps.Add(new Step(node, x, y));
            x = y;
        }
    }

    /// <summary>The logits.</summary>
    public Tensor Output => _steps[^1].Output.detach();

    /// <summary>What arrives at the input.</summary>
    /// <param name="upper">What starts at the logits.</param>
    /// <param name="rule">What a layer hands down, given what it gets from above.</param>
    public Tensor Backward(Tensor upper, Func<Step, Tensor, Tensor> rule)
    {
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            using DisposeScope scope = NewDisposeScope(); // Frees what a layer needed, as Python does.
            upper = rule(_steps[i], upper).MoveToOuterDisposeScope();
        }

        return upper;
    }

    /// <summary>One layer of the walk.</summary>
    /// <param name="Node">The layer.</param>
    /// <param name="Input">Its input, a leaf.</param>
    /// <param name="Output">Its output.</param>
    internal sealed record Step(Node Node, Tensor Input, Tensor Output)
    {
        /// <summary>The gradient at the input, by autograd.</summary>
        public Tensor Gradient(Tensor upper) => autograd.grad([Output], [Input], [upper])[0];
    }
}
