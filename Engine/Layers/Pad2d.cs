using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>What stands in the padding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PadMode>))]
public enum PadMode
{
    /// <summary>One value.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,

    /// <summary>The map, turned round at its first and last row and column, which are not repeated.</summary>
    [JsonStringEnumMemberName("reflect")]
    Reflect,

    /// <summary>The nearest row and column of the map.</summary>
    [JsonStringEnumMemberName("replicate")]
    Replicate,
}

/// <summary>
/// Rows and columns added around maps, or cut off where their number is below 0. Backward: R of each pixel to where it came from, added up;
/// what constants get is dropped.
/// </summary>
/// <param name="Start">Rows above and columns on the left.</param>
/// <param name="End">Rows below and columns on the right.</param>
/// <param name="Mode">What stands there.</param>
/// <param name="Value">The constant.</param>
public sealed record Pad2d(Size2 Start, Size2 End, PadMode Mode = PadMode.Constant, double Value = 0) : Layer, IPixelLayer
{
    internal const string Name = "pad2d";

    /// <summary>The kinds of the modes, after PyTorch's modules.</summary>
    internal static readonly string[] Kinds = ["constantpad2d", "reflectionpad2d", "replicationpad2d"];

    /// <inheritdoc/>
    public override string Kind => Mode is >= 0 and <= PadMode.Replicate ? Kinds[(int)Mode] : Name;

    /// <inheritdoc/>
    double IPixelLayer.Outside => Value;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Kind, inputs, rank: 4);
        if (Mode is < 0 or > PadMode.Replicate || !(Math.Abs(Value) <= float.MaxValue))
        {
            throw new ModelException($"{Kind}: the value is {Value}, expected a float32 number and the mode constant, reflect or replicate");
        }

        return new Shape(x[0], x[1], Length(x[2], Start.H, End.H), Length(x[3], Start.W, End.W));
    }

    /// <inheritdoc/>
    PixelMap IPixelLayer.At(int height, int width) => new(Sources(height, Start.H, End.H), Sources(width, Start.W, End.W));

    private int Length(int size, int start, int end)
    {
        long length = (long)size + start + end;
        bool fits = length is >= 1 and <= int.MaxValue && start > -(long)size && end > -(long)size
            && (Mode != PadMode.Reflect || (start < size && end < size));
        return fits ? (int)length : throw new ModelException($"{Kind}: {start} and {end} do not fit on a size of {size}");
    }

    private int[] Sources(int size, int start, int end) => [.. Enumerable.Range(-start, size + start + end).Select(i =>
        i >= 0 && i < size ? i
        : Mode == PadMode.Replicate ? Math.Clamp(i, 0, size - 1)
        : Mode == PadMode.Reflect ? (i < 0 ? -i : (2 * (size - 1)) - i)
        : -1)];
}
