using System.Collections.Immutable;

namespace Interp.Engine.Training;

/// <summary>
/// Standardises features: h̃ = (h − m) / s with mean m and standard deviation s of each feature over the training images (divided by their
/// number), so that the penalty of a head weighs all of them alike. A feature that is the same everywhere has s = 1, and becomes 0.
/// </summary>
/// <param name="Mean">m.</param>
/// <param name="Deviation">s.</param>
public sealed record FeatureScale(ImmutableArray<double> Mean, ImmutableArray<double> Deviation)
{
    /// <summary>Below this share of the feature's size its variation is that of rounding.</summary>
    private const double Constant = 1e-7;

    /// <summary>The scale of some images' features; sums in float64, in the order of the images.</summary>
    public static FeatureScale Of(LabelledFeatures data)
    {
        double[] mean = new double[data.Features], deviation = new double[data.Features];
        for (int i = 0; i < data.Count; i++)
        {
            ReadOnlySpan<float> row = data.Row(i);
            for (int k = 0; k < mean.Length; k++)
            {
                mean[k] += row[k];
            }
        }

        for (int k = 0; k < mean.Length; k++)
        {
            mean[k] /= data.Count;
        }

        for (int i = 0; i < data.Count; i++)
        {
            ReadOnlySpan<float> row = data.Row(i);
            for (int k = 0; k < mean.Length; k++)
            {
                double d = row[k] - mean[k];
                deviation[k] += d * d;
            }
        }

        for (int k = 0; k < mean.Length; k++)
        {
            double s = Math.Sqrt(deviation[k] / data.Count);
            deviation[k] = s > Constant * Math.Abs(mean[k]) ? s : 1;
        }

        return new FeatureScale([.. mean], [.. deviation]);
    }

    /// <summary>No change: m = 0, s = 1.</summary>
    public static FeatureScale None(int features) =>
        new([.. new double[features]], [.. Enumerable.Repeat(1.0, features)]);

    /// <summary>The standardised features of an image and behind them the number 1, which takes the head's bias.</summary>
    /// <param name="row">The features.</param>
    /// <param name="into">One value more.</param>
    public void Apply(ReadOnlySpan<float> row, Span<double> into)
    {
        for (int k = 0; k < row.Length; k++)
        {
            into[k] = (row[k] - Mean[k]) / Deviation[k];
        }

        into[row.Length] = 1;
    }
}
