namespace Interp.Engine.LabelSets.Patterns;

/// <summary>A texture that is drawn by a formula: which of two colours a point has.</summary>
/// <param name="name">Its name, the concept's.</param>
/// <param name="summary">What it looks like, in one line.</param>
public abstract class Pattern(string name, string summary)
{
    /// <summary>Its name, the concept's.</summary>
    public string Name { get; } = name;

    /// <summary>What it looks like, in one line.</summary>
    public string Summary { get; } = summary;

    /// <summary>The share of the second colour at a point: 0 or 1, and between them for what has no edges.</summary>
    /// <param name="u">Across, in periods, in the pattern's own directions; 0 is the region's centre, moved by a random phase.</param>
    /// <param name="v">Along, in periods.</param>
    /// <param name="form">How this one is drawn.</param>
    internal abstract double Second(double u, double v, PatternForm form);

    /// <summary>The part behind the point, in 0…1.</summary>
    private protected static double Part(double value) => value - Math.Floor(value);

    /// <summary>A wave of period 1 between 0 and 1 with straight flanks.</summary>
    private protected static double Triangle(double value) => Math.Abs((2 * Part(value)) - 1);
}
