using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts;

/// <summary>
/// What of a layer's output is a feature. A direction in pooled features stands for the same shift of a channel at every place, so the
/// gradient that belongs to it is the sum over places.
/// </summary>
public abstract class FeaturePool
{
    private FeaturePool(string name, string summary) => (Name, Summary) = (name, summary);

    /// <summary>Its name: <c>mean</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Summary { get; }

    /// <summary>Every value at every place, as in the paper: a concept is tied to where it was in its images.</summary>
    public static FeaturePool None { get; } = new Every();

    /// <summary>Each channel's mean over places.</summary>
    public static FeaturePool Mean { get; } = new Pooled("mean", "each channel's mean over places", Average);

    /// <summary>Each channel's largest value at any place.</summary>
    public static FeaturePool Max { get; } = new Pooled("max", "each channel's largest value at any place", Largest);

    /// <summary>All of them by name.</summary>
    public static Catalog<FeaturePool> All { get; } = new("pool", p => p.Name, None, Mean, Max);

    /// <summary>How many features a layer of that shape gives.</summary>
    /// <param name="shape"><c>[N,C,h,w]</c> or <c>[N,F]</c>.</param>
    public abstract int Features(Shape shape);

    /// <summary>The features of one image.</summary>
    /// <param name="activation">The layer's output for it.</param>
    /// <param name="shape">The layer's shape.</param>
    internal abstract float[] Of(ReadOnlySpan<float> activation, Shape shape);

    /// <summary>The gradient with respect to the features.</summary>
    /// <param name="gradient">The gradient at the layer's output for one image.</param>
    /// <param name="shape">The layer's shape.</param>
    internal abstract float[] Gradient(ReadOnlySpan<float> gradient, Shape shape);

    /// <summary>A direction's share in each channel, of which a direction in the layer's channels is made: the sum over places where the
    /// features have places.</summary>
    internal abstract float[] Channels(ReadOnlySpan<float> direction, Shape shape);

    /// <summary>How many places a map has; 1 of a layer without maps.</summary>
    internal static int Places(Shape shape) => shape.Rank == 4 ? shape[2] * shape[3] : 1;

    private static float[] Each(ReadOnlySpan<float> values, Shape shape, Func<ReadOnlySpan<float>, float> reduce)
    {
        int places = Places(shape);
        var reduced = new float[shape[1]];
        for (int c = 0; c < reduced.Length; c++)
        {
            reduced[c] = reduce(values.Slice(c * places, places));
        }

        return reduced;
    }

    private static float Sum(ReadOnlySpan<float> values) => (float)Total(values);

    private static float Average(ReadOnlySpan<float> values) => (float)(Total(values) / values.Length);

    private static double Total(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = values[0];
        foreach (float value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    private sealed class Every() : FeaturePool("none", "every value at every place")
    {
        public override int Features(Shape shape) => (int)(shape.Count / shape[0]);

        internal override float[] Of(ReadOnlySpan<float> activation, Shape shape) => activation.ToArray();

        internal override float[] Gradient(ReadOnlySpan<float> gradient, Shape shape) => gradient.ToArray();

        internal override float[] Channels(ReadOnlySpan<float> direction, Shape shape) => Each(direction, shape, Sum);
    }

    private sealed class Pooled(string name, string summary, Func<ReadOnlySpan<float>, float> reduce) : FeaturePool(name, summary)
    {
        public override int Features(Shape shape) => shape[1];

        internal override float[] Of(ReadOnlySpan<float> activation, Shape shape) => Each(activation, shape, reduce);

        internal override float[] Gradient(ReadOnlySpan<float> gradient, Shape shape) => Each(gradient, shape, Sum);

        internal override float[] Channels(ReadOnlySpan<float> direction, Shape shape) => direction.ToArray();
    }
}
