using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>A layer's activation on one photo: what other images are compared with.</summary>
public sealed class ActivationPattern
{
    /// <param name="source">The photo's path, for names and messages.</param>
    /// <param name="shape">The activation's shape, <c>[1,…]</c>.</param>
    /// <param name="values">Its values, dense.</param>
    /// <exception cref="InputException">All values are 0: nothing can be compared with it.</exception>
    public ActivationPattern(string source, Shape shape, float[] values)
    {
        (Source, Shape, Values) = (source, shape, values);
        Square = values.Sum(v => (double)v * v);
        if (Square == 0)
        {
            throw new InputException(
                $"{source}: the layer is silent on this photo, so that no image can be compared with it; take another layer or photo");
        }
    }

    /// <summary>The photo's path.</summary>
    public string Source { get; }

    /// <summary>The activation's shape, <c>[1,…]</c>.</summary>
    public Shape Shape { get; }

    /// <summary>Its values, dense.</summary>
    public float[] Values { get; }

    /// <summary>Their sum of squares.</summary>
    internal double Square { get; }

    /// <summary>Fails unless the images' activation has the photo's shape.</summary>
    internal void CheckFits(Shape shape, string objective)
    {
        if (shape.WithBatch(1) != Shape.WithBatch(1))
        {
            throw new InputException(
                $"objective {objective}: the layer gives {shape} for the images and {Shape} for the photo; both must have the same size");
        }
    }
}
