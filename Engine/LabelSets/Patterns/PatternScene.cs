using Interp.Engine.Common;
using Interp.Engine.LabelSets.Patterns.Shapes;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>
/// What is on a generated image. Two of three images show one to three shapes filled with textures; the third shows the contours of plain
/// polygons. Textures, shapes and first colours are dealt like cards, so that each turns up as often as the others.
/// </summary>
internal sealed class PatternScene
{
    private const ulong TextureDeck = 1, ShapeDeck = 2, ColorDeck = 3, PolygonDeck = 4, OrientationDeck = 5, ContourColorDeck = 6;
    private const double Grain = 4;

    private readonly Dice _dice;
    private readonly ulong _seed;
    private readonly int _index;

    private PatternScene(int height, int width, ulong seed, int index)
    {
        (_seed, _index) = (seed, index);
        _dice = new Dice(seed, PatternStreams.Scene + (ulong)index);
        Canvas = new PatternCanvas(height, width);
        ShowsContours = index % 3 == 2;
        Regions = Place(ShowsContours ? Contours() : Textures());
    }

    /// <summary>Where it is painted.</summary>
    public PatternCanvas Canvas { get; }

    /// <summary>Whether edges are labelled, not textures and shapes.</summary>
    public bool ShowsContours { get; }

    /// <summary>The shapes; none overlaps another.</summary>
    public IReadOnlyList<PatternRegion> Regions { get; }

    /// <summary>The scene of an image.</summary>
    public static PatternScene Of(int height, int width, ulong seed, int index) => new(height, width, seed, index);

    /// <summary>Paints it.</summary>
    /// <param name="see">What is told of each pixel in a region: which of the regions, which pixel, and whether all of it lies
    /// there.</param>
    public Imaging.RgbImage Paint(Action<int, int, bool> see)
    {
        Canvas.Fill(PatternColor.Behind(_dice, [.. Regions.Select(r => r.First), .. Regions.Select(r => r.Second)]));
        Canvas.Cloud(_dice, 6, ShowsContours ? 12 : 30, 0.4);
        for (int i = 0; i < Regions.Count; i++)
        {
            int region = i;
            Canvas.Paint(Regions[i], (pixel, whole) => see(region, pixel, whole));
        }

        return Canvas.Develop(new Rng(_seed, PatternStreams.Grain + (ulong)_index), Grain);
    }

    private List<PatternRegion> Textures()
    {
        // Two, one and three regions by turns: the first of an image is card 6 · (images / 3) + 0, 2 or 3 of each deck.
        int image = (_index / 3 * 2) + (_index % 3), turn = image % 3;
        int card = (6 * (image / 3)) + (turn == 0 ? 0 : turn + 1), count = turn == 0 ? 2 : turn == 1 ? 1 : 3;
        return [.. Enumerable.Range(card, count).Select(n => Region(
            ShapeCatalog.All[Deal(ShapeDeck, ShapeCatalog.All.Count, n)],
            PatternCatalog.All[Deal(TextureDeck, PatternCatalog.All.Count, n)],
            Deal(ColorDeck, ColorNames.All.Length, n),
            _dice.Direction()))];
    }

    private List<PatternRegion> Contours()
    {
        int image = _index / 3;
        return [.. Enumerable.Range(3 * image, 3).Select(n => Region(
            EdgeLabels.Shapes[Deal(PolygonDeck, EdgeLabels.Shapes.Length, n)],
            PatternCatalog.All.Find("solid"),
            Deal(ContourColorDeck, ColorNames.All.Length, n),
            EdgeLabels.Direction(Deal(OrientationDeck, EdgeLabels.Orientations, n))))];
    }

    private PatternRegion Region(Shape shape, Pattern pattern, int color, (double Cosine, double Sine) direction)
    {
        double radius = _dice.Between(35, 85) * Canvas.Scale;
        PatternColor first = PatternColor.Named(_dice, color);
        return new PatternRegion(
            shape,
            pattern,
            new PatternForm(_dice, Math.Max(3, _dice.Between(8, Math.Min(28, 28 * radius / (60 * Canvas.Scale))) * Canvas.Scale), radius),
            first,
            pattern.Name == "solid" ? first : first.Opposite(_dice))
        {
            Direction = direction,
            Radius = radius,
        };
    }

    /// <summary>Gives each region a place where it overlaps none before it, and makes it smaller while there is none.</summary>
    private List<PatternRegion> Place(List<PatternRegion> regions)
    {
        var placed = new List<PatternRegion>();
        foreach (PatternRegion region in regions)
        {
            PatternRegion at = region;
            for (int tries = 0; ; tries++)
            {
                at = at with
                {
                    X = _dice.Between(Math.Min(at.Radius, Canvas.Width / 2.0), Math.Max(Canvas.Width - at.Radius, Canvas.Width / 2.0)),
                    Y = _dice.Between(Math.Min(at.Radius, Canvas.Height / 2.0), Math.Max(Canvas.Height - at.Radius, Canvas.Height / 2.0)),
                };
                if (placed.All(other => IsApart(at, other)))
                {
                    break;
                }

                at = tries % 8 == 7 ? at with { Radius = 0.9 * at.Radius } : at;
            }

            placed.Add(at);
        }

        return placed;
    }

    private bool IsApart(PatternRegion a, PatternRegion b)
    {
        double gap = a.Radius + b.Radius + (4 * Canvas.Scale), dx = a.X - b.X, dy = a.Y - b.Y;
        return (dx * dx) + (dy * dy) > gap * gap;
    }

    private int Deal(ulong deck, int cards, int n) => Dice.Deal(_seed, deck, cards, n);
}
