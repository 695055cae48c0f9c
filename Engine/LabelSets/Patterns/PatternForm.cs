namespace Interp.Engine.LabelSets.Patterns;

/// <summary>How one region's texture is drawn: turned by a random angle, moved by a random phase.</summary>
internal sealed class PatternForm
{
    private const int Cells = 64;
    private readonly double _cosine, _sine, _u, _v, _period;
    private readonly Lazy<(double X, double Y, double Radius)[]> _specks;

    /// <summary>A random form.</summary>
    /// <param name="dice">Where it is drawn from.</param>
    /// <param name="period">Pixels of a period.</param>
    /// <param name="extent">Pixels from the centre to the region's end.</param>
    public PatternForm(Dice dice, double period, double extent)
    {
        (_cosine, _sine) = dice.Direction();
        (_u, _v, _period) = (dice.Next(), dice.Next(), period);
        Duty = dice.Between(0.35, 0.65);
        Extent = extent / period;
        ulong specks = dice.Word();
        _specks = new Lazy<(double, double, double)[]>(() => Specks(new Dice(specks, PatternStreams.Specks)));
    }

    /// <summary>The share of a period that has the second colour.</summary>
    public double Duty { get; }

    /// <summary>Periods from the centre to the region's end.</summary>
    public double Extent { get; }

    /// <summary>The share of the second colour at a point, in pixels from the region's centre.</summary>
    public double Second(Pattern pattern, double x, double y) => pattern.Second(
        (((x * _cosine) + (y * _sine)) / _period) + _u, (((y * _cosine) - (x * _sine)) / _period) + _v, this);

    /// <summary>A random speck of a cell of side 1: its centre in the cell and its radius, 0 for none; again after 64 cells.</summary>
    public (double X, double Y, double Radius) Speck(long column, long row) =>
        _specks.Value[((row & (Cells - 1)) * Cells) + (column & (Cells - 1))];

    private static (double X, double Y, double Radius)[] Specks(Dice dice)
    {
        var specks = new (double X, double Y, double Radius)[Cells * Cells];
        for (int i = 0; i < specks.Length; i++)
        {
            specks[i] = (dice.Next(), dice.Next(), dice.Next() < 0.75 ? dice.Between(0.2, 0.6) : 0);
        }

        return specks;
    }
}
