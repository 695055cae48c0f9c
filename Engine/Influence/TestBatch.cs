using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence;

/// <summary>The test images of a question, as the methods need them.</summary>
internal sealed class TestBatch
{
    private readonly InfluenceProblem _problem;

    internal TestBatch(InfluenceProblem problem, IReadOnlyList<TestPoint> tests)
    {
        _problem = problem;
        Tests = tests;
        Rows = [.. tests.Select(problem.Standardise)];
        Residuals = [.. tests.Select((t, i) => HeadAnswer.Of(problem.Optimum.Weights, Rows[i], t.Label).Residual)];
    }

    internal int Count => Rows.Length;

    internal IReadOnlyList<TestPoint> Tests { get; }

    /// <summary>h̃_t.</summary>
    internal double[][] Rows { get; }

    /// <summary>p_t − e_{y_t} at W*.</summary>
    internal double[][] Residuals { get; }

    /// <summary>∇ℓ_t(W*) = h̃_t (p_t − e_{y_t})ᵀ, <c>[d+1,classes]</c>.</summary>
    internal double[] Gradient(int test) => Training.SoftmaxPoint.Outer(Rows[test], Residuals[test]);

    /// <summary>h̃_i·h̃_t of each training image, <c>[tests][n]</c>.</summary>
    internal double[][] Products()
    {
        double[] matrix = DenseProduct.Transpose([.. Rows.SelectMany(r => r)], Rows[0].Length);
        return [.. DenseProduct.Transpose(_problem.Objective.Forward(matrix, Count), Count).Chunk(_problem.Count)];
    }
}
