namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>How tightly an operator binds.</summary>
internal enum Binding
{
    /// <summary>Sums and differences.</summary>
    Sum,

    /// <summary>Products and signs.</summary>
    Product,

    /// <summary>Everything that has no operator.</summary>
    Atom,
}
