using Interp.Engine.Numbers;

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
