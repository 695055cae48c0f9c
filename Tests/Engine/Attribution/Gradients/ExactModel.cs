using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Rules;

namespace Interp.Tests.Engine.Attribution.Gradients;

/// <summary>One logit of a network as a function in float64, for plain twins of the methods.</summary>
internal sealed class ExactModel(Network network, int c, int size) : IDisposable
{
    private readonly ReferenceSession _session = new(network, new SessionOptions { Height = size, Width = size });

    /// <summary>S(x).</summary>
    public double Score(double[] x)
    {
        _session.ForwardExact(x);
        return _session.ActivationExact(network.Output)[c];
    }

    /// <summary>∂S/∂x.</summary>
    public double[] Gradient(double[] x) => GradientAt(network.Input, x);

    /// <summary>∂S/∂ the output of a node.</summary>
    public double[] GradientAt(Node node, double[] x)
    {
        _session.ForwardExact(x);
        _session.Backward(ReluRules.Vanilla, default, new ClassTarget(c).Seed(_session));
        return _session.GradientExact(node);
    }

    public void Dispose() => _session.Dispose();
}
