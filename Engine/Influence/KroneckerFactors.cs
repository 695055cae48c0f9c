using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Training;

namespace Interp.Engine.Influence;

/// <summary>
/// EK-FAC's approximation of the Hessian (T. George and others, "Fast approximate natural gradient descent in a Kronecker-factored
/// eigenbasis", NeurIPS 2018; R. Grosse and others, "Studying large language model generalization with influence functions", 2023): with
/// the eigenvectors Q_A of A = (1/n) Σ_i h̃_i h̃_iᵀ and Q_G of G = (1/n) Σ_i (diag p_i − p_i p_iᵀ),
/// <code>H ≈ (Q_A ⊗ Q_G) diag(Λ + λ) (Q_A ⊗ Q_G)ᵀ,   Λ_ab = (1/n) Σ_i (q_aᵀ h̃_i)² · q_bᵀ (diag p_i − p_i p_iᵀ) q_b</code>
/// The expectation over the classes is exact, as the loss is softmax regression, so nothing is sampled; and the damping is the head's own
/// λ, as H is the Gauss–Newton matrix and λ. What is left out is what H has outside the diagonal in this basis.
/// </summary>
internal sealed class KroneckerFactors
{
    private readonly InfluenceProblem _problem;
    private readonly ParallelOptions _parallel;
    private readonly int _inputs, _classes;
    private readonly double[] _a, _aTransposed, _g, _gTransposed, _inverse;

    private KroneckerFactors(InfluenceProblem problem, CancellationToken cancel)
    {
        SoftmaxRegression objective = problem.Objective;
        (_problem, _inputs, _classes) = (problem, objective.Inputs, objective.Data.Classes);
        _parallel = ThreadLimit.Of(problem.Options.Threads, CancellationToken.None); // Outlives the question.
        int n = problem.Count;
        _aTransposed = Basis(objective.SecondMoment(), _inputs, cancel);
        _gTransposed = Basis(Curvature(problem), _classes, cancel);
        (_a, _g) = (DenseProduct.Transpose(_aTransposed, _inputs), DenseProduct.Transpose(_gTransposed, _classes));

        double[] squares = Squares(objective.Forward(_a, _inputs));
        double[] curvatures = Curvatures();
        double[] sums = new double[_inputs * _classes];
        DenseProduct.Multiply(DenseProduct.Transpose(squares, _inputs), curvatures, sums, n, _classes, _parallel);
        Eigenvalues = [.. sums.Select(s => s / n)];
        _inverse = [.. Eigenvalues.Select(l => 1 / (l + problem.L2))];
    }

    /// <summary>Λ, <c>[d+1,classes]</c>, directions by falling eigenvalue of A and of G.</summary>
    internal double[] Eigenvalues { get; }

    internal static KroneckerFactors Of(InfluenceProblem problem, CancellationToken cancel) =>
        problem.Shared(typeof(KroneckerFactors), () => new KroneckerFactors(problem, cancel));

    /// <summary>The approximation of H⁻¹ x, <c>[d+1,classes]</c>.</summary>
    internal double[] Solve(double[] x)
    {
        double[] y = Product(Product(_aTransposed, x, _inputs, _classes), _g, _classes, _classes);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] *= _inverse[i];
        }

        return Product(Product(_a, y, _inputs, _classes), _gTransposed, _classes, _classes);
    }

    /// <summary>The approximation of ∇ℓ_iᵀ H⁻¹ ∇ℓ_i of each training image.</summary>
    internal double[] SelfProducts()
    {
        double[] u = Product(Squares(_problem.Objective.Forward(_a, _inputs)), _inverse, _inputs, _classes);
        double[] s = Squares(Product(_problem.Residuals, _g, _classes, _classes));
        return [.. Enumerable.Range(0, _problem.Count).Select(i =>
            Vectors.Dot(u.AsSpan(i * _classes, _classes), s.AsSpan(i * _classes, _classes)))];
    }

    private static double[] Squares(double[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= values[i];
        }

        return values;
    }

    /// <summary>G.</summary>
    private static double[] Curvature(InfluenceProblem problem)
    {
        int classes = problem.Train.Classes;
        var g = new double[classes * classes];
        for (int i = 0; i < problem.Count; i++)
        {
            ReadOnlySpan<double> p = problem.Optimum.ProbabilitiesOf(i);
            for (int c = 0; c < classes; c++)
            {
                Vectors.Add(g.AsSpan(c * classes, classes), -p[c] / problem.Count, p);
                g[(c * classes) + c] += p[c] / problem.Count;
            }
        }

        return g;
    }

    /// <summary>The eigenvectors as rows.</summary>
    private static double[] Basis(double[] matrix, int size, CancellationToken cancel) =>
        [.. SymmetricEigen.Of(matrix, size, cancel).Vectors.SelectMany(v => v)];

    /// <summary>q_bᵀ (diag p_i − p_i p_iᵀ) q_b = Σ_c p_ic q_bc² − (Σ_c p_ic q_bc)², <c>[n,classes]</c>.</summary>
    private double[] Curvatures()
    {
        double[] p = _problem.Optimum.Probabilities();
        double[] v = Product(p, Squares([.. _g]), _classes, _classes), means = Product(p, _g, _classes, _classes);
        for (int i = 0; i < v.Length; i++)
        {
            v[i] -= means[i] * means[i];
        }

        return v;
    }

    private double[] Product(double[] left, double[] right, int inner, int columns)
    {
        var product = new double[(long)left.Length / inner * columns];
        DenseProduct.Multiply(left, right, product, inner, columns, _parallel);
        return product;
    }
}
