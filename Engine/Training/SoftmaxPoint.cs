using Interp.Engine.LinearAlgebra;
using Interp.Engine.Models;

namespace Interp.Engine.Training;

/// <summary>A <see cref="SoftmaxRegression"/> at one W. Immutable; may be used by several threads.</summary>
public sealed class SoftmaxPoint
{
    private readonly SoftmaxRegression _problem;
    private readonly double[] _weights, _probabilities, _losses;

    internal SoftmaxPoint(SoftmaxRegression problem, double[] weights)
    {
        (_problem, _weights) = (problem, weights);
        int classes = problem.Data.Classes;
        _probabilities = problem.Forward(weights);
        _losses = new double[problem.Data.Count];
        problem.EachImage(i => _losses[i] = Softmax(_probabilities.AsSpan(i * classes, classes), problem.Data.Labels[i]));
        Loss = (Vectors.Sum(_losses) / _losses.Length) + (problem.L2 / 2 * Vectors.Dot(weights, weights));
    }

    /// <summary>The objective.</summary>
    public SoftmaxRegression Objective => _problem;

    /// <summary>W, <c>[d+1,classes]</c>.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>L(W).</summary>
    public double Loss { get; }

    /// <summary>The part of L that one image has: ℓ_i(W).</summary>
    public double LossOf(int image) => _losses[image];

    /// <summary>softmax(Wᵀ h̃_i).</summary>
    public ReadOnlySpan<double> ProbabilitiesOf(int image) =>
        _probabilities.AsSpan(image * _problem.Data.Classes, _problem.Data.Classes);

    /// <summary>softmax(Wᵀ h̃_i) of all images, <c>[images,classes]</c>.</summary>
    internal double[] Probabilities() => [.. _probabilities];

    /// <summary>∇L(W) = (1/n) Σ_i h̃_i (p_i − e_{y_i})ᵀ + λ W, <c>[d+1,classes]</c>.</summary>
    public double[] Gradient() => _problem.Backward(Residuals(), _weights);

    /// <summary>p_i − e_{y_i} of all images, <c>[images,classes]</c>: the other factor of their gradients.</summary>
    internal double[] Residuals()
    {
        double[] residuals = Probabilities();
        for (int i = 0; i < _losses.Length; i++)
        {
            residuals[(i * _problem.Data.Classes) + _problem.Data.Labels[i]] -= 1;
        }

        return residuals;
    }

    /// <summary>∇ℓ_i(W) = h̃_i (p_i − e_{y_i})ᵀ, <c>[d+1,classes]</c>: that of one image, without the penalty.</summary>
    public double[] GradientOf(int image)
    {
        double[] residual = ProbabilitiesOf(image).ToArray();
        residual[_problem.Data.Labels[image]] -= 1;
        return Outer(_problem.Row(image), residual);
    }

    /// <summary>
    /// ∇²L(W)·v = (1/n) Σ_i h̃_i (p_i ∘ (u_i − p_i·u_i))ᵀ + λ v with u_i = vᵀ h̃_i. Exact; for this loss the Gauss–Newton matrix is the
    /// Hessian.
    /// </summary>
    /// <param name="v">A direction, <c>[d+1,classes]</c>.</param>
    public double[] HessianProduct(double[] v)
    {
        int classes = _problem.Data.Classes;
        double[] u = _problem.Forward(v);
        _problem.EachImage(i =>
        {
            Span<double> row = u.AsSpan(i * classes, classes);
            ReadOnlySpan<double> p = ProbabilitiesOf(i);
            double mean = 0;
            for (int c = 0; c < p.Length; c++)
            {
                mean += p[c] * row[c];
            }

            for (int c = 0; c < p.Length; c++)
            {
                row[c] = p[c] * (row[c] - mean);
            }
        });
        return _problem.Backward(u, v);
    }

    /// <summary>x with ∇²L(W)·x = b, by conjugate gradients (M. Hestenes and E. Stiefel, 1952).</summary>
    /// <param name="b">The right-hand side, <c>[d+1,classes]</c>.</param>
    /// <param name="tolerance">The largest ‖b − ∇²L·x‖ / ‖b‖ to stop at.</param>
    /// <param name="most">The most products with the Hessian.</param>
    /// <param name="cancel">Checked before each product.</param>
    public LinearSolution SolveHessian(double[] b, double tolerance = 1e-8, int most = 1000, CancellationToken cancel = default) =>
        ConjugateGradients.Solve(HessianProduct, b, tolerance, most, cancel);

    /// <summary>h rᵀ, the shape of an image's gradient.</summary>
    internal static double[] Outer(ReadOnlySpan<double> h, ReadOnlySpan<double> residual)
    {
        var g = new double[h.Length * residual.Length];
        for (int k = 0; k < h.Length; k++)
        {
            for (int c = 0; c < residual.Length; c++)
            {
                g[(k * residual.Length) + c] = h[k] * residual[c];
            }
        }

        return g;
    }

    /// <summary>Turns logits into probabilities in their place; the loss of the true class.</summary>
    private static double Softmax(Span<double> z, int label)
    {
        double own = z[label];
        (double largest, double sum) = SoftmaxOutput.Normalise(z);
        return Math.Log(sum) - (own - largest);
    }
}
