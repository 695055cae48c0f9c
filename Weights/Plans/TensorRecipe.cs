using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>How one parameter of the converted network is made from the tensors of a weight file, piece by piece in float64.</summary>
internal abstract class TensorRecipe(string name, Shape shape)
{
    /// <summary>The parameter's name: <c>features.0.weight</c>.</summary>
    internal string Name => name;

    /// <summary>Its sizes.</summary>
    internal Shape Shape => shape;

    /// <summary>How it is stored, or null for what the user asks for.</summary>
    internal virtual DType? Type => null;

    /// <summary>Computes <c>into.Length</c> values from element <paramref name="first"/> on, in row-major order.</summary>
    internal abstract void Read(WeightSource source, long first, Span<double> into);
}

/// <summary>A tensor taken over as it is.</summary>
internal sealed class CopiedTensor(WeightEntry entry, Shape shape) : TensorRecipe(entry.Name, shape)
{
    internal override void Read(WeightSource source, long first, Span<double> into) => source.Read(entry, first, into);
}

/// <summary>Values that come from elsewhere than the file.</summary>
internal sealed class ConstantTensor(string name, Shape shape, double[] values) : TensorRecipe(name, shape)
{
    /// <summary>A vector.</summary>
    internal ConstantTensor(string name, double[] values)
        : this(name, new Shape(values.Length), values)
    {
    }

    internal override void Read(WeightSource source, long first, Span<double> into) =>
        values.AsSpan((int)first, into.Length).CopyTo(into);
}

/// <summary>The bias of a layer that has none.</summary>
internal sealed class ZeroTensor(string name, Shape shape) : TensorRecipe(name, shape)
{
    internal override void Read(WeightSource source, long first, Span<double> into) => into.Clear();
}
