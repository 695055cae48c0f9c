using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Numbers of constants as whole numbers.</summary>
internal static class Numbers
{
    /// <summary>The whole number that it is; what is beyond 63 bits is the largest or smallest there is, which ONNX's indices use for
    /// "to the end".</summary>
    /// <exception cref="ModelException">It is not whole.</exception>
    internal static long Whole(double value) => double.IsInteger(value) ? (long)value
        : throw new ModelException($"the number {value} where a whole one was expected");
}
