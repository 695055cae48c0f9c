namespace Interp.Engine.Rules;

/// <summary>
/// The whole of an elementwise ReLU rule: written once, run on scalars by the reference backend and on vectors of any width by the CPU
/// backend.
/// </summary>
public interface IReluOperator
{
    /// <summary>The rule's name.</summary>
    static abstract string Name { get; }

    /// <summary>The rule as a formula.</summary>
    static abstract string Formula { get; }

    /// <summary>The gradient handed down.</summary>
    /// <param name="active">The mask [x &gt; 0] of the forward pass.</param>
    /// <param name="upstream">R, the gradient from above.</param>
    static abstract T Backward<T>(T active, T upstream) where T : struct, IMaskable<T>;
}

/// <summary>Numbers or vectors of numbers of which a mask can keep some and turn the others to zero.</summary>
public interface IMaskable<T> where T : struct, IMaskable<T>
{
    /// <summary>The mask of the elements that are greater than zero; NaN is not.</summary>
    static abstract T IsPositive(T value);

    /// <summary>The mask that is set where either of two is.</summary>
    static abstract T Either(T mask, T other);

    /// <summary>The elements of <paramref name="value"/> where the mask is set, +0 elsewhere.</summary>
    static abstract T Keep(T mask, T value);
}
