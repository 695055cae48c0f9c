using System.Globalization;
using Interp.Engine.Arithmetic;
using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>
/// Transforms one after the other. Those that move pixels are joined into one map and the image is sampled once, which keeps it sharper
/// than lucid's sampling
/// at every transform, and is faster. In the end the result is centred in the network's frame; where its nominal size, random scales aside,
/// is smaller than the
/// frame, it is enlarged to it. Because of the one map, the pixels beyond a crop's or a jitter's border are still the image's own: where
/// a rotation, a smaller scale or the interpolation at the
/// border reaches there, it sees them and not grey. A blur or noise works on pixels and so ends a map: beyond its canvas lies what lies
/// outside.
/// </summary>
/// <param name="transforms">In the order in which an image meets them.</param>
public sealed class TransformChain(params IReadOnlyList<ImageTransform> transforms)
{
    private const string RobustName = "robust";
    private const string NoneName = "none";
    private const int MostPixels = 4096;
    private const ulong Stream = 0x7472616E73;

    /// <summary>The side of an image from which on <see cref="Robust"/> has lucid's own numbers of pixels.</summary>
    private const int RobustSide = 32;

    private static readonly Kind[] s_kinds =
    [
        new("pad", "12", a => new Pad(Whole(a, 0))),
        new("jitter", "8", a => new Jitter(Whole(a, 0))),
        new("scale", "0.9..1.1", a => new Scale(Within(a, 0.1, 10))),
        new("rotate", "-10..10", a => new Rotate(Within(a, -360, 360))),
        new("crop", "200", a => new Crop(Whole(a, 1))),
        new("flip", null, _ => new Flip()),
        new("blur", "1", a => new Blur(Positive(a))),
        new("noise", "0.02", a => new Noise(Positive(a))),
    ];

    /// <summary>No transforms: the image as it is.</summary>
    public static TransformChain None { get; } = new();

    /// <summary>
    /// lucid's <c>standard_transforms</c> (transform.py): eleven scales, 0.9, 0.92, … 1.1, and the angles −10°, −9°, … 10° with five more
    /// zeros. On images with a side below 32 pixels, which 12 pixels would lose from sight, its pads and jitters are in proportion to it.
    /// </summary>
    public static TransformChain Robust { get; } = RobustAt(RobustSide);

    /// <summary>
    /// Reads <c>robust</c>, <c>none</c>, or a list such as <c>pad:12,jitter:8,scale:0.9..1.1,rotate:-10/0/10,flip</c>: a scale or an angle
    /// comes from a range, or is one of a list.
    /// </summary>
    /// <exception cref="InputException">Something else stands there.</exception>
    public static TransformChain Parse(string text) => text switch
    {
        RobustName => Robust,
        NoneName => None,
        _ => new TransformChain([.. text.Split(',', StringSplitOptions.TrimEntries).Select(One)]),
    };

    /// <inheritdoc/>
    public override string ToString() => transforms.Count > 0 ? string.Join(',', transforms) : NoneName;

    /// <summary>What is done in one step, drawn for each image on its own.</summary>
    /// <param name="from">The images' size.</param>
    /// <param name="height">Height of the network's frame.</param>
    /// <param name="width">Its width.</param>
    /// <param name="seed">Where random numbers start.</param>
    /// <param name="step">The step, which has numbers of its own.</param>
    public DrawnTransforms Draw(Canvas from, int height, int width, ulong seed, ulong step) =>
        Draw(from, height, width, seed, step, HostImageMath.Instance);

    /// <summary>The same; with <paramref name="alike"/> every image has what the first one has.</summary>
    internal DrawnTransforms Draw(
        Canvas from, int height, int width, ulong seed, ulong step, IImageMath arithmetic, bool alike = false)
    {
        var rng = new Rng(seed, Stream);
        (int Height, int Width) size = (from.Height, from.Width);
        if (ReferenceEquals(this, Robust) && Math.Min(size.Height, size.Width) is < RobustSide and var side)
        {
            return RobustAt(side).Draw(from, height, width, seed, step, arithmetic, alike);
        }

        (int Height, int Width) nominal = transforms.Aggregate(size, (s, t) => t.Nominal(s));
        bool grey = transforms.OfType<Pad>().Any();
        var stages = new IReadOnlyList<IImageStage>[from.Count];
        for (int n = 0; n < from.Count; n++)
        {
            var draft = new TransformDraft(size, from.Channels, grey, arithmetic);
            for (int i = 0; i < transforms.Count; i++)
            {
                transforms[i].Draw(draft, new Dice(rng, step, alike ? 0 : n, i));
            }

            stages[n] = draft.Into((height, width), nominal);
        }

        return new DrawnTransforms(stages);
    }

    private static TransformChain RobustAt(int side)
    {
        return new TransformChain(
            new Pad(Pixels(12)),
            new Jitter(Pixels(8)),
            new Scale(Spread.OneOf([.. Enumerable.Range(45, 11).Select(i => i / 50.0)])),
            new Rotate(Spread.OneOf([.. Enumerable.Range(-10, 21).Select(i => (double)i), .. Enumerable.Repeat(0.0, 5)])),
            new Jitter(Pixels(4)));

        int Pixels(int lucids) => (int)Math.Ceiling(lucids * side / (double)RobustSide);
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
            throw new InputException($"transform '{text}': expected {RobustName}, {NoneName}, or some of {known}, separated by commas; "
                + $"pixels are at most {MostPixels}, factors 0.1 to 10, angles -360 to 360, deviations at most 100");
        }
    }

    private static int Whole(string text, int least) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var n
        && n >= least && n <= MostPixels ? n : throw new FormatException();

    private static double Positive(string text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is > 0 and <= 100 and var x ? x : throw new FormatException();

    private static Spread Within(string text, double least, double most) =>
        Spread.Parse(text) is var spread && spread.Least >= least && spread.Most <= most ? spread : throw new FormatException();

    /// <param name="Name">Its name.</param>
    /// <param name="Example">A value, or null where it takes none.</param>
    /// <param name="Make">Makes it of the text behind the colon.</param>
    private sealed record Kind(string Name, string? Example, Func<string, ImageTransform> Make);
}
