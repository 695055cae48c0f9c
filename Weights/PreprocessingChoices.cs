using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Plans;

namespace Interp.Weights;

/// <summary>
/// What a user says of how images are prepared; null for what is to stay as the weight file's catalogue row, the file itself, or
/// torchvision has it. A network that computes x = (v·s − m) / d on pixels v in 0…255 has scale s, mean m and deviation d.
/// </summary>
public sealed record PreprocessingChoices
{
    private const double Bytes = 255;

    /// <summary>The shorter side after resizing, in pixels; both sides where the image is stretched.</summary>
    public int? ResizeShorterSide { get; init; }

    /// <summary>Height of what is cut out of the middle, in pixels, and its width where <see cref="CropWidth"/> says nothing else, without
    /// a change of the resizing.</summary>
    public int? Crop { get; init; }

    /// <summary>Width of what is cut out of the middle, in pixels; null for that of a square.</summary>
    public int? CropWidth { get; init; }

    /// <summary>The filter with which the image is resized.</summary>
    public Interpolation? Interpolation { get; init; }

    /// <summary>m of red, green and blue, or one for all, after the scale; 0 where only a scale is given.</summary>
    public ImmutableArray<double>? Mean { get; init; }

    /// <summary>d of red, green and blue, or one for all, after the scale; 1 where only a scale is given.</summary>
    public ImmutableArray<double>? Deviation { get; init; }

    /// <summary>s; 1/255 where it is not given.</summary>
    public double? Scale { get; init; }

    /// <summary>The order in which the network takes the colours.</summary>
    public ChannelOrder? ChannelOrder { get; init; }

    /// <summary>Whether the image is resized to the proportions of the network's input; to that input where no size is given.</summary>
    public bool? Stretch { get; init; }

    /// <summary>The cut's sides.</summary>
    private Sides? Cut => Crop is { } height ? new(height, CropWidth ?? height) : null;

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

    /// <summary>The sides of the network's input.</summary>
    /// <param name="found">What the catalogue and the file say.</param>
    /// <param name="input">The sides that are asked for, or null.</param>
    /// <exception cref="InputException">The choices contradict each other, or are out of range; the message names the option.</exception>
    internal Sides Input(Preprocessing found, Sides? input) =>
        input is { } given && Cut is { } crop && given != crop
        ? throw new InputException($"option 'crop' {crop} and option 'input-size' {given}: expected one size, the network's input")
        : input ?? Cut ?? Sides.Of(found);

    /// <summary>The preparation with everything that is given in its place.</summary>
    /// <param name="found">What the catalogue and the file say, from <see cref="Ordered"/>.</param>
    /// <param name="input">The sides of the network's input, with which the resizing changes in proportion; null to keep them.</param>
    /// <exception cref="InputException">The choices contradict each other, or are out of range; the message names the option.</exception>
    internal Preprocessing Apply(Preprocessing found, Sides? input)
    {
        Preprocessing result = Sized(found, input) with { Interpolation = Interpolation ?? found.Interpolation };
        if (Scale is { } s && !(double.IsFinite(s) && s > 0))
        {
            throw new InputException($"option 'scale' {s}: expected a number above 0");
        }

        if (found.Channels == 1 && ChannelOrder is not null)
        {
            throw new InputException("option 'order': the network takes grey images, which have no order of colours; leave it out");
        }

        double units = Bytes * (Scale ?? (1 / Bytes));
        return result with
        {
            Mean = InUnits("mean", Mean ?? (Scale is null ? null : [0]), units, result) ?? result.Mean,
            Deviation = InUnits("std", Deviation ?? (Scale is null ? null : [1]), units, result) ?? result.Deviation,
        };
    }

    private Preprocessing Sized(Preprocessing found, Sides? input)
    {
        Sides sides = Input(found, input);
        Preprocessing scaled = found.WithInputSize(sides.Height, sides.Width);
        int longer = sides.Longer;
        bool stretch = Stretch ?? found.Stretch;
        int resize = ResizeShorterSide
            ?? (Stretch == true ? longer : Crop is null ? scaled.ResizeShorterSide : found.ResizeShorterSide);
        return resize < longer || resize > Raw.RawPreprocessing.MaxResize
            ? throw new InputException($"option 'resize' {resize}: expected {longer}, the network's input, to "
                + $"{Raw.RawPreprocessing.MaxResize}")
            : scaled with { ResizeShorterSide = resize, Stretch = stretch };
    }

    /// <summary>
    /// Numbers of red, green and blue, or one for all, for values of 0…255 times the scale, as those of the network's channels for 0…1.
    /// </summary>
    private static ImmutableArray<float>? InUnits(
        string option, ImmutableArray<double>? colours, double units, Preprocessing network)
    {
        if (colours is not { } all)
        {
            return null;
        }

        bool positive = option == "std";
        float[] values = [.. all.Select(v => (float)(v / units))];
        if ((values.Length != 1 && values.Length != network.Channels)
            || !values.All(v => float.IsFinite(v) && (!positive || v > Raw.RawPreprocessing.LeastDeviation)))
        {
            string sign = positive ? "positive " : "";
            string expected = network.Channels == 1 ? $"one {sign}number, since the network takes grey images"
                : $"three {sign}numbers R,G,B, or one for all";
            throw new InputException($"option '{option}' {string.Join(',', all)}: expected {expected}");
        }

        return values.Length < network.Channels ? [.. Enumerable.Repeat(values[0], network.Channels)]
            : network.ChannelOrder == Engine.Models.ChannelOrder.Bgr ? [.. Enumerable.Reverse(values)]
            : [.. values];
    }
}
