namespace Interp.Engine.Visualization.Optimizers;

/// <summary>Climbs: changes parameters so that what they are judged by grows. Holds the state of one run.</summary>
public abstract class Optimizer
{
    /// <summary>One step upwards.</summary>
    /// <param name="parameters">θ, changed in place.</param>
    /// <param name="gradient">∂F/∂θ of what is to grow.</param>
    /// <param name="rate">The step's learning rate.</param>
    public abstract void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double rate);
}
