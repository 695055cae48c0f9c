using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets.Patterns.Shapes;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>
/// Generated images with exact labels of the categories texture, color, shape and edge: labels for a machine that has none, and a control
/// for those that it has. No objects, parts or scenes are known.
/// </summary>
/// <remarks>
/// Image i is a function of seed, i, height and width. A pixel has a texture's or a shape's label where all of it lies in the region (by 16
/// points), and <see cref="LabelPlane.Void"/> where a part does. Its colour is the name of its value by <see cref="ColorNames"/>, void on
/// contours. Two of three images have labels of texture and shape, the third of edges, all of colour. Images are painted with operations
/// whose bits IEEE 754 prescribes: the same on every machine.
/// </remarks>
public sealed class PatternSet : LabelSet
{
    private const int Usual = 240, Size = 224;

    private readonly int _height, _width, _shapes, _edges;
    private readonly ulong _seed;
    private readonly bool _grey;

    /// <summary>A set of images.</summary>
    /// <param name="height">Their height; the network's, so that nothing is resized.</param>
    /// <param name="width">Their width.</param>
    /// <param name="seed">Another seed makes other images.</param>
    /// <param name="count">How many; with 240 each texture turns up 26 or 27 times.</param>
    /// <param name="grey">For a network that sees no colours: colours are not labelled. Patterns differ in luminance too, so that the
    /// images serve all the same.</param>
    public PatternSet(int height = Size, int width = Size, ulong seed = 0, int count = Usual, bool grey = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * width, int.MaxValue / 64);
        (_height, _width, _seed, Count, _grey) = (height, width, seed, count, grey);
        Concepts =
        [
            .. PatternCatalog.All.Names.Select(n => new Concept(n, "texture")),
            .. grey ? [] : ColorNames.All.Select(n => new Concept(n, "color")),
            .. ShapeCatalog.All.Names.Select(n => new Concept(n, "shape")),
            .. EdgeLabels.Names.Select(n => new Concept(n, "edge")),
        ];
        _shapes = PatternCatalog.All.Count + (grey ? 0 : ColorNames.All.Length);
        _edges = _shapes + ShapeCatalog.All.Count;
    }

    /// <inheritdoc/>
    public override string Layout => "patterns";

    /// <inheritdoc/>
    public override string Source => $"generated patterns, seed {_seed.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override ImmutableArray<Concept> Concepts { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override ImmutableArray<string> Remarks =>
    [
        "generated patterns: textures, colours, shapes and edges are known, no objects, parts or scenes",
        .. _grey ? ["the network sees no colours: they are not labelled"] : Array.Empty<string>(),
        .. Math.Min(_height, _width) < 64
            ? [$"{_width}x{_height} pixels are few: fine patterns, small shapes and the ends of bars run together"]
            : Array.Empty<string>(),
    ];

    /// <inheritdoc/>
    public override string NameOf(int index) => $"pattern-{Checked(index).ToString("0000", CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override LabelledImage Read(int index, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        PatternScene scene = PatternScene.Of(_height, _width, _seed, Checked(index));
        ushort[] textures = new ushort[_height * _width], shapes = new ushort[_height * _width];
        (ushort Texture, ushort Shape)[] labels = [.. scene.Regions.Select(r => (
            Label(0, PatternCatalog.All.Names, r.Pattern.Name), Label(_shapes, ShapeCatalog.All.Names, r.Shape.Name)))];
        RgbImage image = scene.Paint((region, pixel, whole) =>
            (textures[pixel], shapes[pixel]) = whole ? labels[region] : (LabelPlane.Void, LabelPlane.Void));
        var planes = ImmutableArray.CreateBuilder<LabelPlane>();
        if (!_grey)
        {
            planes.Add(Colors(image, scene.Canvas));
        }

        if (scene.ShowsContours)
        {
            planes.Add(EdgeLabels.Plane(scene.Regions, _width, _height, scene.Canvas.Scale, _edges));
        }
        else
        {
            planes.Add(new LabelPlane("texture", _width, _height, textures));
            planes.Add(new LabelPlane("shape", _width, _height, shapes));
        }

        return new LabelledImage(NameOf(index), image, planes.ToImmutable(), Convert.ToHexStringLower(SHA256.HashData(image.Pixels)));
    }

    private static ushort Label(int first, IEnumerable<string> names, string name) =>
        (ushort)(first + names.TakeWhile(n => n != name).Count() + 1);

    private static LabelPlane Colors(RgbImage image, PatternCanvas canvas)
    {
        LabelPlane plane = ColorNames.Plane(image, PatternCatalog.All.Count);
        for (int i = 0; i < plane.Labels.Length; i++)
        {
            plane.Labels[i] = canvas.IsContour[i] ? LabelPlane.Void : plane.Labels[i];
        }

        return plane;
    }

    private int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index;
    }
}
