using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights;

namespace Interp.Cli;

/// <summary>Options of how a network's images are prepared, where its weight file does not say it, or says it wrong.</summary>
internal static class PreprocessingFlags
{
    private const string Numbers = "R,G,B";

    private static readonly Option<PixelSize?> s_size = TypedOption.OptionalSize(
        "--input-size", "The network's input in pixels, --resize in proportion [default: the file's, or 224]", 1, 4096);

    private static readonly Option<int?> s_resize = TypedOption.OptionalWhole(
        "--resize", "The shorter side after resizing [default: the weights', or 256]", 1, 16384);

    private static readonly Option<PixelSize?> s_crop = TypedOption.OptionalSize(
        "--crop", "The network's input, cut out of the middle; --resize stays", 1, 4096);

    private static readonly Option<string> s_interpolation = TypedOption.Choice(
        "--interpolation", "Filter [default: the weights', or bilinear]", null, [.. Interpolation.All.Names]);

    private static readonly Option<bool> s_stretch = TypedOption.Switch(
        "--stretch", "Resize to the input's proportions, whatever the image's");

    private static readonly Option<string> s_scale = TypedOption.Text(
        "--scale", "What pixels of 0…255 are multiplied by, such as 1 or 1/127.5 [default: 1/255]", "X");

    private static readonly Option<string> s_mean = TypedOption.Text(
        "--mean", "Subtracted after --scale [default: the weights', ImageNet's, or 0 with --scale]", Numbers);

    private static readonly Option<string> s_deviation = TypedOption.Text(
        "--std", "Divided by after --mean [default: the weights', ImageNet's, or 1 with --scale]", Numbers);

    private static readonly Option<string> s_order = TypedOption.Choice(
        "--order", "The order in which the network takes the colours [default: rgb]", null, "rgb", "bgr");

    internal static IEnumerable<Option> All =>
        [s_size, s_resize, s_crop, s_interpolation, s_stretch, s_scale, s_mean, s_deviation, s_order];

    /// <summary><c>--input-size</c>, or null.</summary>
    internal static PixelSize? InputSize(Invocation run) => run.Get(s_size);

    internal static PreprocessingChoices Read(Invocation run) => new()
    {
        ResizeShorterSide = run.Get(s_resize),
        Crop = run.Get(s_crop)?.Height,
        CropWidth = run.Get(s_crop)?.OtherWidth,
        Interpolation = run.Get(s_interpolation) is { } filter ? Interpolation.All.Find(filter) : null,
        Stretch = run.IsGiven(s_stretch) ? run.Get(s_stretch) : null,
        Scale = run.Get(s_scale) is { } scale ? Ratio(scale) : null,
        Mean = Colours(run, s_mean),
        Deviation = Colours(run, s_deviation),
        ChannelOrder = run.Get(s_order) is { } order ? (order == "bgr" ? ChannelOrder.Bgr : ChannelOrder.Rgb) : null,
    };

    private static double Ratio(string text)
    {
        double[] parts = [.. text.Split('/').Select(Number)];
        double value = parts.Length == 1 ? parts[0] : parts.Length == 2 ? parts[0] / parts[1] : double.NaN;
        return double.IsFinite(value) && value > 0
            ? value
            : throw new InputException($"--scale '{text}': expected a number above 0 or a ratio of two, such as 1/127.5");
    }

    private static ImmutableArray<double>? Colours(Invocation run, Option<string> option)
    {
        if (run.Get(option) is not { } text)
        {
            return null;
        }

        double[] values = [.. text.Split(',').Select(Number)];
        return values.Length is 1 or 3 && values.All(double.IsFinite)
            ? [.. values]
            : throw new InputException($"{option.Name} '{text}': expected one number or three {Numbers}, such as 0.485,0.456,0.406");
    }

    private static double Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
