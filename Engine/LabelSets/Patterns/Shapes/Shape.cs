namespace Interp.Engine.LabelSets.Patterns.Shapes;

/// <summary>A shape within the circle of radius 1 about 0.</summary>
internal abstract class Shape(string name)
{
    /// <summary>Its name, the concept's.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a point lies in the shape.</summary>
    public abstract bool Contains(double x, double y);
}
