using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>
/// Transforms one after the other. Those that move pixels are joined into one map and the picture is sampled once, which keeps it sharper than lucid's sampling
/// at every transform, and is faster. In the end the result is centred in the network's frame; where its nominal size, random scales aside, is smaller than the
/// frame, it is enlarged to it.
/// </summary>
/// <param name="transforms">In the order in which a picture meets them.</param>
public sealed class TransformChain(params IReadOnlyList<ImageTransform> transforms)
{
    private const string RobustName = "robust";
    private const string NoneName = "none";
    private const ulong Stream = 0x7472616E73;
    private const ulong DrawsOfOne = 4;

    private static readonly Kind[] s_kinds =
    [
        new("pad", "12", a => new Pad(Whole(a, 0))),
        new("jitter", "8", a => new Jitter(Whole(a, 0))),
        new("scale", "0.9..1.1", a => Range(a) is var (least, most) && least > 0 ? new Scale(least, most) : throw new FormatException()),
        new("rotate", "-10..10", a => Range(a) is var (least, most) ? new Rotate(least, most) : throw new FormatException()),
        new("crop", "200", a => new Crop(Whole(a, 1))),
        new("flip", null, _ => new Flip()),
        new("blur", "1", a => new Blur(Positive(a))),
        new("noise", "0.02", a => new Noise(Positive(a))),
    ];

    /// <summary>No transforms: the picture as it is.</summary>
    public static TransformChain None { get; } = new();

    /// <summary>lucid's standard chain, with scales and angles drawn from the whole range instead of eleven scales and 21 angles.</summary>
    public static TransformChain Robust { get; } = new(new Pad(12), new Jitter(8), new Scale(0.9, 1.1), new Rotate(-10, 10), new Jitter(4));

    /// <summary>Reads <c>robust</c>, <c>none</c>, or a list such as <c>pad:12,jitter:8,scale:0.9..1.1,rotate:-10..10,flip</c>.</summary>
    /// <exception cref="InputException">Something else stands there.</exception>
    public static TransformChain Parse(string text) => text switch
    {
        RobustName => Robust,
        NoneName => None,
        _ => new TransformChain([.. text.Split(',', StringSplitOptions.TrimEntries).Select(One)]),
    };

    /// <inheritdoc/>
    public override string ToString() => transforms.Count > 0 ? string.Join(',', transforms) : NoneName;

    /// <summary>What is done in one step, drawn for each picture on its own.</summary>
    /// <param name="from">The pictures' size.</param>
    /// <param name="height">Height of the network's frame.</param>
    /// <param name="width">Its width.</param>
    /// <param name="seed">Where random numbers start.</param>
    /// <param name="step">The step, which has numbers of its own.</param>
    public DrawnTransforms Draw(Canvas from, int height, int width, ulong seed, ulong step)
    {
        var rng = new Rng(seed, Stream);
        (int Height, int Width) size = (from.Height, from.Width);
        (int Height, int Width) nominal = transforms.Aggregate(size, (s, t) => t.Nominal(s));
        bool grey = transforms.OfType<Pad>().Any();
        var stages = new IReadOnlyList<IPictureStage>[from.Count];
        for (int n = 0; n < from.Count; n++)
        {
            var draft = new TransformDraft(size, grey);
            for (int i = 0; i < transforms.Count; i++)
            {
                transforms[i].Draw(draft, new Dice(rng, DrawsOfOne * ((((step * (ulong)from.Count) + (ulong)n) * (ulong)transforms.Count) + (ulong)i)));
            }

            stages[n] = draft.Into((height, width), nominal);
        }

        return new DrawnTransforms(stages);
    }

    private static ImageTransform One(string text)
    {
        string[] parts = text.Split(':', 2);
        try
        {
            Kind kind = s_kinds.First(k => k.Name == parts[0] && k.Example is null == (parts.Length == 1));
            return kind.Make(parts[^1]);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
        {
            string known = string.Join(", ", s_kinds.Select(k => k.Example is null ? k.Name : $"{k.Name}:{k.Example}"));
            throw new InputException($"transform '{text}': expected {RobustName}, {NoneName}, or some of {known}, separated by commas");
        }
    }

    private static int Whole(string text, int least) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var n && n >= least && n <= 4096 ? n : throw new FormatException();

    private static double Positive(string text) => Number(text) is > 0 and <= 100 and var x ? x : throw new FormatException();

    private static (double Least, double Most) Range(string text)
    {
        string[] ends = text.Split("..");
        (double least, double most) = ends.Length == 2 ? (Number(ends[0]), Number(ends[1])) : throw new FormatException();
        return least <= most && Math.Abs(least) <= 360 && Math.Abs(most) <= 360 ? (least, most) : throw new FormatException();
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    /// <param name="Name">Its name.</param>
    /// <param name="Example">A value, or null where it takes none.</param>
    /// <param name="Make">Makes it of the text behind the colon.</param>
    private sealed record Kind(string Name, string? Example, Func<string, ImageTransform> Make);
}
