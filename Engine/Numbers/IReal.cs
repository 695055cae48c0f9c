namespace Interp.Engine.Numbers;

/// <summary>
/// Real numbers or vectors of them: what an activation function is written over, once, so that the reference backend runs it on a float64
/// and the CPU backend on sixteen float32 values. Each function below has the same bits for the same element whatever stands beside it.
/// </summary>
public interface IReal<T> : IArithmetic<T>, IMaskable<T> where T : struct, IReal<T>
{
    /// <summary>The constant in every element, rounded to the type.</summary>
    static abstract T Of(double constant);

    /// <summary>a / b, correctly rounded.</summary>
    static abstract T Divide(T a, T b);

    /// <summary>The elements of a where the mask is set, of b elsewhere.</summary>
    static abstract T Select(T mask, T a, T b);

    /// <summary>e^x. A float32 may be too small or too large to be held: then about 1e-38 or 1e38 stands for it.</summary>
    static abstract T Exp(T x);

    /// <summary>The error function, 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    static abstract T Erf(T x);

    /// <summary>ln(1 + x) for x of 0 to 1.</summary>
    static abstract T Log1p(T x);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract T Tanh(T x);
}
