namespace Interp.Engine.Training;

/// <summary>
/// A linear head in the units of the features themselves: logits z = A h + b. The standardisation of <see cref="FeatureScale"/> is folded
/// in: A[c,k] = W[k,c] / s_k and b[c] = W[d,c] − Σ_k A[c,k] m_k, in float64.
/// </summary>
public sealed class SoftmaxHead
{
    private readonly double[] _weights, _bias;

    private SoftmaxHead(int features, double[] weights, double[] bias) => (Features, _weights, _bias) = (features, weights, bias);

    /// <summary>Features that it reads.</summary>
    public int Features { get; }

    /// <summary>Classes.</summary>
    public int Classes => _bias.Length;

    /// <summary>A, <c>[classes,features]</c> in row-major order, as PyTorch's <c>Linear.weight</c>.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>b.</summary>
    public ReadOnlySpan<double> Bias => _bias;

    /// <summary>The head that some W stands for.</summary>
    /// <param name="weights">W, <c>[d+1,classes]</c>, of a <see cref="SoftmaxRegression"/>.</param>
    /// <param name="scale">Its standardisation.</param>
    public static SoftmaxHead Of(ReadOnlySpan<double> weights, FeatureScale scale)
    {
        int features = scale.Mean.Length, classes = weights.Length / (features + 1);
        var a = new double[classes * features];
        double[] b = weights[(features * classes)..].ToArray();
        for (int c = 0; c < classes; c++)
        {
            for (int k = 0; k < features; k++)
            {
                double value = weights[(k * classes) + c] / scale.Deviation[k];
                a[(c * features) + k] = value;
                b[c] -= value * scale.Mean[k];
            }
        }

        return new SoftmaxHead(features, a, b);
    }

    /// <summary>The logits of some features.</summary>
    public double[] Logits(ReadOnlySpan<float> features)
    {
        double[] z = [.. _bias];
        for (int c = 0; c < z.Length; c++)
        {
            for (int k = 0; k < features.Length; k++)
            {
                z[c] += _weights[(c * Features) + k] * features[k];
            }
        }

        return z;
    }
}
