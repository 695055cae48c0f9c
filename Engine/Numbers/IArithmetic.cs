namespace Interp.Engine.Numbers;

/// <summary>Numbers or vectors of numbers with correctly rounded arithmetic, element by element.</summary>
public interface IArithmetic<T> where T : struct, IArithmetic<T>
{
    /// <summary>a + b.</summary>
    static abstract T Add(T a, T b);

    /// <summary>a − b.</summary>
    static abstract T Subtract(T a, T b);

    /// <summary>a · b.</summary>
    static abstract T Multiply(T a, T b);
}
