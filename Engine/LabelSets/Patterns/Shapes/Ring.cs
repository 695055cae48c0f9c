namespace Interp.Engine.LabelSets.Patterns.Shapes;

/// <summary>What lies between two circles about 0; with an inner radius of 0 a disc.</summary>
internal sealed class Ring(string name, double inner) : Shape(name)
{
    /// <inheritdoc/>
    public override bool Contains(double x, double y) => (x * x) + (y * y) is var square && square < 1 && square >= inner * inner;
}
