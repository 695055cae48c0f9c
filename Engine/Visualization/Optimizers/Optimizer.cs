using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Optimizers;

/// <summary>Climbs: changes parameters so that what they are judged by grows. Holds the state of one run.</summary>
public abstract class Optimizer
{
    /// <summary>What does the arithmetic.</summary>
    internal IImageMath Arithmetic { get; set; } = HostImageMath.Instance;

    /// <summary>One step upwards.</summary>
    /// <param name="parameters">θ, changed in place.</param>
    /// <param name="gradient">∂F/∂θ of what is to grow.</param>
    /// <param name="rate">The step's learning rate.</param>
    /// <exception cref="ArgumentException">There are not as many gradients as parameters, or not as many as in the step before.</exception>
    public abstract void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double rate);

    private protected static void CheckLengths(ReadOnlySpan<float> parameters, ReadOnlySpan<float> gradient)
    {
        if (parameters.Length != gradient.Length)
        {
            throw new ArgumentException($"expected {parameters.Length} values for as many parameters, found {gradient.Length}",
                nameof(gradient));
        }
    }

    /// <summary>Makes an empty state as long as the parameters; one that is there must be.</summary>
    private protected static void StateFor(ReadOnlySpan<float> parameters, ReadOnlySpan<float> gradient, ref float[] state)
    {
        CheckLengths(parameters, gradient);
        if (state.Length == 0)
        {
            state = new float[parameters.Length];
        }

        CheckLengths(state, gradient);
    }
}
