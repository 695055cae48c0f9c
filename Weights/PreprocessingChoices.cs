using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>
/// What a user says of how images are prepared; null for what is to stay as the weight file's catalogue row, the file itself, or
/// torchvision
/// has it. A network that computes x = (v·s − m) / d on pixels v in 0…255 has scale s, mean m and deviation d.
/// </summary>
public sealed record PreprocessingChoices
{
    private const double Bytes = 255;

    /// <summary>The shorter side after resizing, in pixels; both sides where the image is stretched.</summary>
    public int? ResizeShorterSide { get; init; }

    /// <summary>The side of the square that is cut out of the middle, in pixels, without a change of the resizing.</summary>
    public int? Crop { get; init; }

    /// <summary>The filter with which the image is resized.</summary>
    public Interpolation? Interpolation { get; init; }

    /// <summary>m of red, green and blue, after the scale; 0 where only a scale is given.</summary>
    public ImmutableArray<double>? Mean { get; init; }

    /// <summary>d of red, green and blue, after the scale; 1 where only a scale is given.</summary>
    public ImmutableArray<double>? Deviation { get; init; }

    /// <summary>s; 1/255 where it is not given.</summary>
    public double? Scale { get; init; }

    /// <summary>The order in which the network takes the colours.</summary>
    public ChannelOrder? ChannelOrder { get; init; }

    /// <summary>Whether the image is resized to a square whatever its proportions; to the network's input where no size is given.</summary>
    public bool? Stretch { get; init; }

    /// <summary>The names of the options that are given, as messages have them.</summary>
    internal IEnumerable<string> Given
    {
        get
        {
            (string Name, object? Value)[] all =
            [
                ("resize", ResizeShorterSide), ("crop", Crop), ("interpolation", Interpolation), ("mean", Mean), ("std", Deviation),
                ("scale", Scale), ("order", ChannelOrder), ("stretch", Stretch),
            ];
            return all.Where(o => o.Value is not null).Select(o => $"option '{o.Name}'");
        }
    }

    /// <summary>The preparation that a file's own numbers are put into: its channels in the network's order.</summary>
    internal Preprocessing Ordered(Preprocessing standard)
    {
        ChannelOrder order = ChannelOrder ?? standard.ChannelOrder;
        return order == standard.ChannelOrder ? standard : standard with
        {
            ChannelOrder = order,
            Mean = [.. standard.Mean.Reverse()],
            Deviation = [.. standard.Deviation.Reverse()],
        };
    }

    /// <summary>The preparation with everything that is given in its place.</summary>
    /// <param name="found">What the catalogue and the file say, from <see cref="Ordered"/>.</param>
    /// <param name="inputSize">The side of the network's input, with which the resizing changes in proportion; null to keep it.</param>
    /// <exception cref="InputException">The choices contradict each other, or are out of range; the message names the option.</exception>
    internal Preprocessing Apply(Preprocessing found, int? inputSize)
    {
        Preprocessing result = Sized(inputSize is { } size ? found.WithInputSize(size) : found, inputSize) with
        {
            Interpolation = Interpolation ?? found.Interpolation,
        };
        if (Scale is { } s && !(double.IsFinite(s) && s > 0))
        {
            throw new InputException($"option 'scale' {s}: expected a number above 0");
        }

        double units = Bytes * (Scale ?? (1 / Bytes));
        return result with
        {
            Mean = InUnits("mean", Mean ?? (Scale is null ? null : [0, 0, 0]), units, result.ChannelOrder) ?? result.Mean,
            Deviation = InUnits("std", Deviation ?? (Scale is null ? null : [1, 1, 1]), units, result.ChannelOrder) ?? result.Deviation,
        };
    }

    private Preprocessing Sized(Preprocessing found, int? inputSize)
    {
        if (Crop is { } crop)
        {
            if (inputSize is { } size && size != crop)
            {
                throw new InputException($"option 'crop' {crop} and option 'input-size' {size}: expected one size, the network's input");
            }

            found = found.WithInputSize(crop) with { ResizeShorterSide = found.ResizeShorterSide };
        }

        bool stretch = Stretch ?? found.Stretch;
        int resize = ResizeShorterSide ?? (Stretch == true ? found.InputSize : found.ResizeShorterSide);
        return resize < found.InputSize || resize > Raw.RawPreprocessing.MaxResize
            ? throw new InputException($"option 'resize' {resize}: expected {found.InputSize}, the network's input, to "
                + $"{Raw.RawPreprocessing.MaxResize}")
            : found with { ResizeShorterSide = resize, Stretch = stretch };
    }

    /// <summary>Numbers of red, green and blue for values of 0…255 times the scale, as those of the network's channels for 0…1.</summary>
    private static ImmutableArray<float>? InUnits(string option, ImmutableArray<double>? colours, double units, ChannelOrder order)
    {
        if (colours is not { } all)
        {
            return null;
        }

        bool positive = option == "std";
        float[] values = [.. all.Select(v => (float)(v / units))];
        if (values.Length != 3 || !values.All(v => float.IsFinite(v) && (!positive || v > Raw.RawPreprocessing.LeastDeviation)))
        {
            throw new InputException(
                $"option '{option}' {string.Join(',', all)}: expected three {(positive ? "positive " : "")}numbers R,G,B");
        }

        return order == Engine.Models.ChannelOrder.Bgr ? [.. Enumerable.Reverse(values)] : [.. values];
    }
}
