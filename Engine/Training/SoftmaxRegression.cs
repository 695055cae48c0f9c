using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Training;

/// <summary>
/// The objective of softmax regression (multinomial logistic regression) on standardised features h̃ ∈ R^(d+1), whose last is 1:
/// <code>L(W) = (1/n) Σ_i ℓ_i(W) + (λ/2) ‖W‖²,   ℓ_i(W) = −log softmax(Wᵀ h̃_i)[y_i]</code>
/// W is <c>[d+1,classes]</c> in row-major order; its last row, the bias, is penalised like the others, which makes L strictly convex: there
/// is one W*, and at it Σ_i ∇ℓ_i = −nλ W*. Values, gradients and products with the Hessian are exact, in float64, with the same bits at any
/// number of threads. (C. Bishop, Pattern Recognition and Machine Learning, 2006, 4.3.4.)
/// </summary>
/// <remarks>Holds two copies of the features in float64: 16 bytes a feature and image.</remarks>
public sealed class SoftmaxRegression
{
    private readonly double[] _rows, _columns;
    private readonly ParallelOptions _parallel;

    /// <summary>Prepares the objective.</summary>
    /// <param name="data">Features and classes.</param>
    /// <param name="scale">How features are standardised.</param>
    /// <param name="l2">λ, above 0.</param>
    /// <param name="threads">Threads that compute; 0 for one per core.</param>
    public SoftmaxRegression(LabelledFeatures data, FeatureScale scale, double l2, int threads = 0)
        : this(data, scale, l2, Rows(data, scale), threads)
    {
    }

    private SoftmaxRegression(LabelledFeatures data, FeatureScale scale, double l2, (double[] Rows, double[] Columns) h, int threads)
    {
        if (!(l2 > 0) || double.IsInfinity(l2))
        {
            throw new ArgumentOutOfRangeException(nameof(l2), l2, "expected a finite number above 0");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _parallel = ThreadLimit.Of(threads);
        (Data, Scale, L2, _rows, _columns) = (data, scale, l2, h.Rows, h.Columns);
    }

    /// <summary>The features and classes.</summary>
    public LabelledFeatures Data { get; }

    /// <summary>How the features are standardised.</summary>
    public FeatureScale Scale { get; }

    /// <summary>λ.</summary>
    public double L2 { get; }

    /// <summary>d + 1: rows of W.</summary>
    public int Inputs => Data.Features + 1;

    /// <summary>Values of W.</summary>
    public int Parameters => checked(Inputs * Data.Classes);

    /// <summary>The same objective with another λ; it shares the features.</summary>
    public SoftmaxRegression With(double l2) => new(Data, Scale, l2, (_rows, _columns), _parallel.MaxDegreeOfParallelism);

    /// <summary>The standardised features of a training image, the 1 behind them.</summary>
    public ReadOnlySpan<double> Row(int image) => _rows.AsSpan(image * Inputs, Inputs);

    /// <summary>The objective at W = 0 or at given weights: loss, gradient and Hessian there.</summary>
    /// <param name="weights">W, <c>[d+1,classes]</c>, copied; null for zeros.</param>
    /// <exception cref="ArgumentException">W has another length.</exception>
    public SoftmaxPoint At(double[]? weights = null) => new(this, weights is null ? new double[Parameters]
        : weights.Length == Parameters ? [.. weights]
        : throw new ArgumentException($"{weights.Length} weights, expected {Parameters}", nameof(weights)));

    /// <summary>W (or a direction) on all images: <c>[images,classes]</c>.</summary>
    internal double[] Forward(double[] weights) => Forward(weights, Data.Classes);

    /// <summary>A matrix of <c>[d+1,columns]</c> on all images: <c>[images,columns]</c>.</summary>
    internal double[] Forward(double[] matrix, int columns)
    {
        var z = new double[(long)Data.Count * columns];
        DenseProduct.Multiply(_rows, matrix, z, Inputs, columns, _parallel);
        return z;
    }

    /// <summary>Σ_i h̃_i r_iᵀ for r of <c>[images,columns]</c>: <c>[d+1,columns]</c>.</summary>
    internal double[] Outer(double[] residuals, int columns)
    {
        var g = new double[checked(Inputs * columns)];
        DenseProduct.Multiply(_columns, residuals, g, Data.Count, columns, _parallel);
        return g;
    }

    /// <summary>(1/n) Σ_i h̃_i h̃_iᵀ, <c>[d+1,d+1]</c>.</summary>
    internal double[] SecondMoment() => [.. Outer(_rows, Inputs).Select(v => v / Data.Count)];

    /// <summary>(1/n) Σ_i h̃_i r_iᵀ + λ V for r of <c>[images,classes]</c>: the shape of the gradient and of a product with the
    /// Hessian.</summary>
    internal double[] Backward(double[] residuals, double[] v)
    {
        double[] g = Outer(residuals, Data.Classes);
        for (int i = 0; i < g.Length; i++)
        {
            g[i] = (g[i] / Data.Count) + (L2 * v[i]);
        }

        return g;
    }

    /// <summary>Works on each row of <c>[images,classes]</c>.</summary>
    internal void EachImage(Action<int> work) => Parallel.For(0, Data.Count, _parallel, work);

    private static (double[] Rows, double[] Columns) Rows(LabelledFeatures data, FeatureScale scale)
    {
        if (scale.Mean.Length != data.Features)
        {
            throw new ArgumentException($"a scale of {scale.Mean.Length} features, expected {data.Features}", nameof(scale));
        }

        int inputs = data.Features + 1;
        var rows = new double[(long)data.Count * inputs];
        for (int i = 0; i < data.Count; i++)
        {
            scale.Apply(data.Row(i), rows.AsSpan(i * inputs, inputs));
        }

        return (rows, DenseProduct.Transpose(rows, inputs));
    }
}
