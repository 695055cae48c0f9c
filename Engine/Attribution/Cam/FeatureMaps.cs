using Interp.Engine.Arithmetic;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>What a class activation map is made of: the feature maps A^k of one layer, and the gradient g^k = ∂S / ∂A^k there.</summary>
/// <param name="request">What is explained.</param>
/// <param name="layer">The layer.</param>
/// <param name="shape">Its shape, <c>[1,K,h,w]</c>.</param>
/// <param name="activation">A.</param>
/// <param name="gradient">g, or empty for methods that take none.</param>
public sealed class FeatureMaps(AttributionRequest request, Node layer, Shape shape, float[] activation, float[] gradient)
{
    /// <summary>What is explained.</summary>
    public AttributionRequest Request => request;

    /// <summary>What does the arithmetic.</summary>
    internal IImageMath Arithmetic => request.Explainer.Backend.Images;

    /// <summary>The layer.</summary>
    public Node Layer => layer;

    /// <summary><c>[1,K,h,w]</c>.</summary>
    public Shape Shape => shape;

    /// <summary>Number of maps, K.</summary>
    public int Channels => shape[1];

    /// <summary>h and w.</summary>
    public (int Height, int Width) Size => (shape[2], shape[3]);

    /// <summary>Positions of one map, h·w.</summary>
    public int Positions => shape[2] * shape[3];

    /// <summary>All maps, <c>[K,h,w]</c>.</summary>
    public ReadOnlySpan<float> Activation => activation;

    /// <summary>All gradients, <c>[K,h,w]</c>; empty for methods that take none.</summary>
    public ReadOnlySpan<float> Gradient => gradient;

    /// <summary>A^k.</summary>
    public ReadOnlySpan<float> A(int k) => activation.AsSpan(k * Positions, Positions);

    /// <summary>g^k.</summary>
    public ReadOnlySpan<float> G(int k) => gradient.AsSpan(k * Positions, Positions);

    /// <summary>One number for each map.</summary>
    public double[] OfEach(Func<int, double> number) => [.. Enumerable.Range(0, Channels).Select(number)];

    /// <summary>Σ_k w_k A^k.</summary>
    public double[] Sum(ReadOnlySpan<double> weights) => Arithmetic.WeightedSum(activation, weights, Positions);

    /// <summary>Σ_k f(A^k_ij, g^k_ij) at every position, in float64 and in the order of k.</summary>
    public double[] Sum(Func<double, double, double> f)
    {
        var sum = new double[Positions];
        for (int k = 0; k < Channels; k++)
        {
            ReadOnlySpan<float> a = A(k), g = G(k);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += f(a[i], g[i]);
            }
        }

        return sum;
    }

    /// <summary>Σ_ij f(A^k_ij, g^k_ij), in float64 and in row order.</summary>
    public double Total(int k, Func<double, double, double> f)
    {
        ReadOnlySpan<float> a = A(k), g = G(k);
        double total = 0;
        for (int i = 0; i < a.Length; i++)
        {
            total += f(a[i], g[i]);
        }

        return total;
    }
}
