using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Weights.Raw;

/// <summary>
/// Resize, then per channel (value/255 − mean) / deviation. What can be absent is so where it is as in <see cref="Preprocessing"/>'s
/// defaults, and in folders that were converted before there was a choice.
/// </summary>
/// <param name="ResizeShorterSide">The shorter side after resizing, in pixels.</param>
/// <param name="Mean">Mean of each channel in the network's order, for values in 0…1.</param>
/// <param name="Deviation">Standard deviation of each channel in the network's order, for values in 0…1.</param>
/// <param name="Interpolation">The name of the filter; absent for <c>bilinear</c>.</param>
/// <param name="Stretch">Whether both sides get that length; absent for no.</param>
/// <param name="ChannelOrder"><c>rgb</c> or <c>bgr</c>; absent for <c>rgb</c>.</param>
internal sealed record RawPreprocessing(
    int ResizeShorterSide,
    ImmutableArray<float> Mean,
    ImmutableArray<float> Deviation,
    string? Interpolation = null,
    bool? Stretch = null,
    string? ChannelOrder = null)
{
    /// <summary>The largest side after resizing.</summary>
    internal const int MaxResize = 4 * RawFormat.MaxExtent;

    /// <summary>What a deviation must be above.</summary>
    internal const float LeastDeviation = 1e-6f;

    /// <summary>The names of orders of channels.</summary>
    internal static Catalog<ChannelOrder> Orders { get; } = new(
        "channel order", o => o.ToString().ToLowerInvariant(), Engine.Models.ChannelOrder.Rgb, Engine.Models.ChannelOrder.Bgr);

    /// <summary>How a preparation is written.</summary>
    internal static RawPreprocessing Of(Preprocessing p) => new(
        p.ResizeShorterSide,
        p.Mean,
        p.Deviation,
        p.Interpolation == Engine.Models.Interpolation.Bilinear ? null : p.Interpolation.Name,
        p.Stretch ? true : null,
        p.ChannelOrder == Engine.Models.ChannelOrder.Rgb ? null : "bgr");

    /// <summary>What is written, once it has been checked.</summary>
    /// <param name="height">Height of the network's input.</param>
    /// <param name="width">Its width; null for the same.</param>
    internal Preprocessing Preparation(int height, int? width) => new()
    {
        InputSize = height,
        InputWidth = width,
        ResizeShorterSide = ResizeShorterSide,
        Interpolation = Interpolation is { } filter ? Engine.Models.Interpolation.All.Find(filter) : Engine.Models.Interpolation.Bilinear,
        Stretch = Stretch ?? false,
        ChannelOrder = ChannelOrder is { } order ? Orders.Find(order) : Engine.Models.ChannelOrder.Rgb,
        Mean = Mean,
        Deviation = Deviation,
    };

    /// <exception cref="ModelException">A value is out of range.</exception>
    /// <param name="channels">Channels of the network's input.</param>
    /// <param name="longerSide">The longer side of the network's input.</param>
    internal void Check(int channels, int longerSide)
    {
        if (ResizeShorterSide < longerSide || ResizeShorterSide > MaxResize)
        {
            throw new ModelException($"resize_shorter_side {ResizeShorterSide}, expected {longerSide} to {MaxResize}");
        }

        if (Mean.Length != channels || Deviation.Length != channels
            || !Mean.All(float.IsFinite) || !Deviation.All(d => float.IsFinite(d) && d > LeastDeviation))
        {
            throw new ModelException($"preprocessing: expected {channels} means and {channels} positive deviations");
        }

        CheckName("interpolation", Interpolation, Engine.Models.Interpolation.All.Names);
        CheckName("channel_order", ChannelOrder, channels == 1 ? ["rgb"] : Orders.Names);
    }

    private static void CheckName(string field, string? name, IEnumerable<string> known)
    {
        if (name is not null && !known.Contains(name, StringComparer.Ordinal))
        {
            throw new ModelException($"{field} '{Text.OneLine(name)}', expected {string.Join(" or ", known)}");
        }
    }
}
