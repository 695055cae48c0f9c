using System.Runtime.InteropServices;
using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Weights.Raw;

/// <summary>Turns float64 values into stored ones, rounding once, to nearest and ties to even.</summary>
internal static class TensorEncoder
{
    private const double LargestHalf = 65504;

    /// <summary>Encodes one piece of a tensor, little-endian.</summary>
    /// <param name="name">The tensor, for messages.</param>
    /// <param name="first">Position of the piece's first value in the tensor.</param>
    /// <param name="values">The values.</param>
    /// <param name="type">How they are stored.</param>
    /// <param name="destination">As many bytes as the values take.</param>
    /// <exception cref="ModelException">A value is not finite, or too large for the type.</exception>
    internal static void Encode(string name, long first, ReadOnlySpan<double> values, DType type, Span<byte> destination)
    {
        double largest = type == DType.Float16 ? LargestHalf : float.MaxValue;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= largest))
            {
                throw Refuse(name, first + i, values[i], type);
            }
        }

        if (type == DType.Float16)
        {
            Span<Half> halves = MemoryMarshal.Cast<byte, Half>(destination);
            for (int i = 0; i < values.Length; i++)
            {
                halves[i] = (Half)values[i];
            }
        }
        else
        {
            Span<float> singles = MemoryMarshal.Cast<byte, float>(destination);
            for (int i = 0; i < values.Length; i++)
            {
                singles[i] = (float)values[i];
            }
        }
    }

    private static ModelException Refuse(string name, long index, double value, DType type)
    {
        if (!double.IsFinite(value))
        {
            string what = double.IsNaN(value) ? "NaN" : "infinity";
            return new ModelException($"tensor '{name}' holds {what} at element {index}, expected finite numbers");
        }

        string instead = type == DType.Float16 ? " (largest 65504); convert with option 'dtype' f32" : "";
        return new ModelException($"tensor '{name}' holds {value:R} at element {index}, too large for {type.Name()}{instead}");
    }
}
