namespace Interp.Engine.LabelSets;

/// <summary>
/// Labels of the pixels of one image, all of one category, row-major from the top: 0 where there is no label, <see cref="Void"/> where it
/// is unknown whether there is one (which is left out of every count), else 1 + the concept's place in <see cref="LabelSet.Concepts"/>.
/// Where labels overlap, an image has several planes of a category.
/// </summary>
public sealed class LabelPlane
{
    /// <summary>Not known: neither the concept nor its absence.</summary>
    public const ushort Void = ushort.MaxValue;

    /// <summary>The most concepts that a set may have.</summary>
    public const int MostConcepts = Void - 1;

    /// <summary>A plane over existing labels.</summary>
    /// <param name="category">The category of all of them.</param>
    /// <param name="width">Width in labels; usually the image's.</param>
    /// <param name="height">Height in labels.</param>
    /// <param name="labels">width · height labels.</param>
    /// <exception cref="ArgumentException">The number of labels is not width · height.</exception>
    public LabelPlane(string category, int width, int height, ushort[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (labels.LongLength != (long)width * height)
        {
            throw new ArgumentException($"{labels.LongLength} labels, expected {(long)width * height}", nameof(labels));
        }

        (Category, Width, Height, Labels) = (category, width, height, labels);
    }

    private LabelPlane(string category, ushort label) : this(category, 1, 1, [label]) => IsWhole = true;

    /// <summary>The category of the labels.</summary>
    public string Category { get; }

    /// <summary>Width in labels.</summary>
    public int Width { get; }

    /// <summary>Height in labels.</summary>
    public int Height { get; }

    /// <summary>Whether this is a label of the image as a whole, such as a scene or a texture folder's: it has no place.</summary>
    public bool IsWhole { get; }

    /// <summary>The labels; of a whole image one.</summary>
    public ushort[] Labels { get; }

    /// <summary>The label of an image as a whole.</summary>
    /// <param name="category">Its category.</param>
    /// <param name="concept">The concept's place in <see cref="LabelSet.Concepts"/>.</param>
    public static LabelPlane Whole(string category, int concept) => new(category, checked((ushort)(concept + 1)));
}
