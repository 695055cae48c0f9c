namespace Interp.Engine.Visualization.Objectives;

/// <summary>An objective that has been worked out, and the way back from it: reverse-mode differentiation of one term.</summary>
/// <param name="Values">F_n for each image n.</param>
/// <param name="Add">Adds the gradient of Σ_n w_n·F_n, for given weights w, to what it is given.</param>
public sealed record Pullback(double[] Values, Action<ObjectiveGradient, double[]> Add);
