using System.Collections.Immutable;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>What a function is there for, which decides whether a ReLU's backward rule is asked of it.</summary>
public enum ActivationRole
{
    /// <summary>It clips as a ReLU does, with slopes 0 and 1: ReLU rules always apply.</summary>
    Rectifier,

    /// <summary>A rectifier that lets a part of what is below zero through: ReLU rules always apply, by its slope.</summary>
    Leaky,

    /// <summary>A smooth stand-in for a ReLU: ReLU rules apply where they are asked to.</summary>
    Smooth,

    /// <summary>It weighs or squashes, as in squeeze-and-excitation: ReLU rules never apply.</summary>
    Gate,
}

/// <summary>A number that an activation function has.</summary>
/// <param name="Name">PyTorch's name of it: <c>negative_slope</c>.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="MayBeZero">Whether it may be 0.</param>
public sealed record ActivationParameter(string Name, double Default, bool MayBeZero = true);

/// <summary>The values of a function's parameters in their order, 0 beyond the last.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="C">The third.</param>
public readonly record struct Coefficients(double A, double B, double C);

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

    /// <summary>Its parameters, at most three.</summary>
    static abstract ImmutableArray<ActivationParameter> Parameters { get; }

    /// <summary>What it is there for.</summary>
    static abstract ActivationRole Role(Coefficients p);

    /// <summary>Where its slope jumps, ascending.</summary>
    static abstract ImmutableArray<double> Kinks(Coefficients p);

    /// <summary>f(x) and f'(x).</summary>
    static abstract (T Value, T Slope) At<T>(T x, Coefficients p) where T : struct, IReal<T>;
}
