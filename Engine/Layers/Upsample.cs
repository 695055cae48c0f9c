using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>Where an output pixel i of a resized axis lies in the input, at a scale s.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SampleGrid>))]
public enum SampleGrid
{
    /// <summary>i/s: PyTorch's nearest.</summary>
    [JsonStringEnumMemberName("asymmetric")]
    Asymmetric,

    /// <summary>(i + ½)/s − ½: pixels are areas; PyTorch's nearest-exact, ONNX' default.</summary>
    [JsonStringEnumMemberName("half_pixel")]
    HalfPixel,

    /// <summary>i·(inputs − 1)/(outputs − 1): the first and last pixels of both lie on each other.</summary>
    [JsonStringEnumMemberName("align_corners")]
    AlignCorners,
}

/// <summary>Which whole number stands for a place between pixels.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NearestRounding>))]
public enum NearestRounding
{
    /// <summary>The one before: PyTorch's nearest.</summary>
    [JsonStringEnumMemberName("floor")]
    Floor,

    /// <summary>The one behind.</summary>
    [JsonStringEnumMemberName("ceil")]
    Ceil,

    /// <summary>The nearest, of two the one before.</summary>
    [JsonStringEnumMemberName("half_down")]
    HalfDown,

    /// <summary>The nearest, of two the one behind: PyTorch's nearest-exact.</summary>
    [JsonStringEnumMemberName("half_up")]
    HalfUp,
}

/// <summary>
/// Resizing by the nearest neighbour: each output pixel is one of the input's. Backward: each input gets the sum of R over its copies.
/// </summary>
/// <remarks>A place that lies within 1e-6 of a whole number or a half is taken to be that: scales such as 1.1 are no float32
/// numbers.</remarks>
/// <param name="ScaleH">s along the height; the output has ⌊H·s⌋ rows.</param>
/// <param name="ScaleW">s along the width.</param>
/// <param name="Size">The output's size, whatever the input's: s is then outputs / inputs.</param>
/// <param name="Grid">Where output pixels lie.</param>
/// <param name="Rounding">Which pixel is taken there.</param>
public sealed record Upsample(
    double ScaleH,
    double ScaleW,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Size2? Size = null,
    SampleGrid Grid = SampleGrid.Asymmetric,
    NearestRounding Rounding = NearestRounding.Floor) : Layer, IPixelLayer
{
    internal const string Name = "upsample";

    private const double Least = 1e-6;

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    double IPixelLayer.Outside => 0;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Name, inputs, rank: 4);
        if (!(ScaleH > 0 && ScaleW > 0) || Size is { H: < 1 } or { W: < 1 }
            || Grid is < 0 or > SampleGrid.AlignCorners || Rounding is < 0 or > NearestRounding.HalfUp)
        {
            throw new ModelException($"upsample: expected scales above 0 and a size of at least 1x1, found {this}");
        }

        return new Shape(x[0], x[1], Length(x[2], ScaleH, Size?.H), Length(x[3], ScaleW, Size?.W));
    }

    /// <inheritdoc/>
    PixelMap IPixelLayer.At(int height, int width) => new(Sources(height, ScaleH, Size?.H), Sources(width, ScaleW, Size?.W));

    private static int Length(int inputs, double scale, int? size)
    {
        double length = size ?? Math.Floor((inputs * scale) + Least);
        return inputs >= 1 && length is >= 1 and <= int.MaxValue ? (int)length
            : throw new ModelException($"upsample: a size of {inputs} becomes {length}");
    }

    private int[] Sources(int inputs, double scale, int? size)
    {
        int outputs = Length(inputs, scale, size);
        double s = size is null ? scale : (double)outputs / inputs;
        return [.. Enumerable.Range(0, outputs).Select(i => Math.Clamp(Nearest(Place(i, inputs, outputs, s)), 0, inputs - 1))];
    }

    private double Place(int i, int inputs, int outputs, double scale)
    {
        double place = Grid switch
        {
            SampleGrid.HalfPixel => ((i + 0.5) / scale) - 0.5,
            SampleGrid.AlignCorners => outputs == 1 ? 0 : (double)i * (inputs - 1) / (outputs - 1),
            _ => i / scale,
        };
        double half = Math.Round(2 * place) / 2;
        return Math.Abs(place - half) <= Least * Math.Max(1, place) ? half : place;
    }

    private int Nearest(double place) => (int)(Rounding switch
    {
        NearestRounding.Ceil => Math.Ceiling(place),
        NearestRounding.HalfDown => Math.Ceiling(place - 0.5),
        NearestRounding.HalfUp => Math.Floor(place + 0.5),
        _ => Math.Floor(place),
    });
}
