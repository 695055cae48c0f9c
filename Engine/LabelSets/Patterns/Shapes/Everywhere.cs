namespace Interp.Engine.LabelSets.Patterns.Shapes;

/// <summary>All of the plane: what fills a whole image.</summary>
internal sealed class Everywhere() : Shape("everywhere")
{
    /// <summary>It.</summary>
    public static Everywhere Shape { get; } = new();

    /// <inheritdoc/>
    public override bool Contains(double x, double y) => true;
}
