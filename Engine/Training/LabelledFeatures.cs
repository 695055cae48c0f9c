namespace Interp.Engine.Training;

/// <summary>Features of many images and the class of each: what a linear head is trained on. Immutable.</summary>
public sealed class LabelledFeatures
{
    private readonly float[] _values;
    private readonly int[] _labels;

    /// <summary>Takes over the arrays, which must not change afterwards.</summary>
    /// <param name="features">Features of an image.</param>
    /// <param name="classes">How many classes there are; a class may have no image.</param>
    /// <param name="values">The features, <c>[images,features]</c> in row-major order.</param>
    /// <param name="labels">The 0-based class of each image.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, a class does not exist, or a value is not finite.</exception>
    public LabelledFeatures(int features, int classes, float[] values, int[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.Length == 0 || values.LongLength != (long)features * labels.Length)
        {
            throw new ArgumentException($"{labels.Length} labels and {values.Length} values, expected {features} values a label",
                nameof(values));
        }

        int wrong = Array.FindIndex(labels, l => l < 0 || l >= classes);
        if (wrong >= 0)
        {
            throw new ArgumentException($"label {wrong} is {labels[wrong]}, expected 0 to {classes - 1}", nameof(labels));
        }

        int bad = Array.FindIndex(values, v => !float.IsFinite(v));
        if (bad >= 0)
        {
            throw new ArgumentException($"feature {bad % features} of image {bad / features} is {values[bad]}, expected finite numbers",
                nameof(values));
        }

        (Features, Classes, _values, _labels) = (features, classes, values, labels);
    }

    /// <summary>Images.</summary>
    public int Count => _labels.Length;

    /// <summary>Features of each.</summary>
    public int Features { get; }

    /// <summary>Classes.</summary>
    public int Classes { get; }

    /// <summary>The class of each image.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The features of an image.</summary>
    public ReadOnlySpan<float> Row(int image) => _values.AsSpan(image * Features, Features);

    /// <summary>Some of the images, in the order given.</summary>
    public LabelledFeatures Select(IReadOnlyList<int> images)
    {
        var values = new float[(long)images.Count * Features];
        var labels = new int[images.Count];
        for (int i = 0; i < images.Count; i++)
        {
            Row(images[i]).CopyTo(values.AsSpan(i * Features));
            labels[i] = _labels[images[i]];
        }

        return new LabelledFeatures(Features, Classes, values, labels);
    }

    /// <summary>The same images with other classes.</summary>
    /// <param name="labels">The 0-based class of each image, which must not change afterwards.</param>
    /// <exception cref="ArgumentException">There are not so many, or a class does not exist.</exception>
    public LabelledFeatures With(int[] labels) => new(Features, Classes, _values, labels);
}
