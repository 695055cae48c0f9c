using System.Collections.Immutable;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>What a function is there for, which decides whether a ReLU's backward rule is asked of it.</summary>
public enum ActivationRole
{
    /// <summary>It clips as a ReLU does: ReLU rules always apply.</summary>
    Rectifier,

    /// <summary>A smooth stand-in for a ReLU: ReLU rules apply where they are asked to.</summary>
    Smooth,

    /// <summary>It weighs or squashes, as in squeeze-and-excitation: ReLU rules never apply.</summary>
    Gate,
}

/// <summary>
/// The whole of an elementwise activation function: written once, run on scalars by the reference backend and on vectors of any width by
/// the CPU backend.
/// </summary>
public interface IActivationFunction
{
    /// <summary>The function's name: <c>silu</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The function as a formula in x.</summary>
    static abstract string Formula { get; }

    /// <summary>What it is there for.</summary>
    static abstract ActivationRole Role { get; }

    /// <summary>Where its slope jumps, ascending.</summary>
    static abstract ImmutableArray<double> Kinks { get; }

    /// <summary>f(x) and f'(x).</summary>
    static abstract (T Value, T Slope) At<T>(T x) where T : struct, IReal<T>;
}
