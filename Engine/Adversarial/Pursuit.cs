using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// One attack under way: asks for logits, counts the images that were looked at, and remembers the nearest one that reaches the goal and
/// the one that came closest to reaching it.
/// </summary>
/// <param name="problem">What is attacked.</param>
/// <param name="first">The index of the first image.</param>
/// <param name="confidence">By how much f, the margin of the goal, has to be exceeded for the goal to count as reached.</param>
/// <param name="distance">How far an image is from the clean one; null for the problem's norm.</param>
internal sealed class Pursuit(
    AttackProblem problem, int first = 0, double confidence = 0, Func<ReadOnlySpan<float>, double>? distance = null)
{
    private double _least = double.PositiveInfinity;
    private float[]? _closest;
    private bool _blind;

    /// <summary>What is attacked.</summary>
    internal AttackProblem Problem => problem;

    /// <summary>The index of the next image.</summary>
    internal int Step { get; private set; } = first;

    /// <summary>The nearest image that reaches the goal, or null where none did.</summary>
    internal float[]? Nearest { get; private set; }

    /// <summary>Its distance; infinity where there is none.</summary>
    internal double Distance { get; private set; } = double.PositiveInfinity;

    /// <summary>The nearest image that reaches the goal; where none did the one that came closest.</summary>
    internal float[] Answer => Nearest ?? _closest ?? [.. problem.Surface.Clean];

    /// <summary>One that goes on counting and remembers nothing yet. Whole levels leave many images at the same L∞; of these the one that
    /// is nearest in L2 counts.</summary>
    internal Pursuit OnWholeLevels()
    {
        float[] clean = problem.Surface.Clean;
        double most = 1 + (255.0 * 255 * clean.Length);
        return new Pursuit(problem, Step, confidence, problem.Ball.Norm == PixelNorm.L2
            ? distance
            : x => PixelNorm.LInf.Distance(clean, x) + (LatticeMeasure.L2.Of(clean, x) / most));
    }

    /// <summary>Whether logits reach the goal with the confidence asked for.</summary>
    internal bool IsReached(ReadOnlySpan<float> logits) =>
        problem.Goal.IsReached(logits) && problem.Goal.Margin(logits) <= -confidence;

    /// <summary>The logits of an image, which is remembered where it is the best so far.</summary>
    internal float[] Look(ReadOnlySpan<float> x)
    {
        float[] logits = problem.Look(Step++, x);
        double margin = problem.Goal.Margin(logits);
        if (IsReached(logits))
        {
            double d = DistanceOf(x);
            if (d < Distance)
            {
                (Nearest, Distance) = (x.ToArray(), d);
            }
        }
        else if (margin < _least || _closest is null)
        {
            (_closest, _least) = (x.ToArray(), margin);
        }

        return logits;
    }

    /// <summary>The gradient of f where <see cref="Look"/> looked last; zeros, which is said, where it holds values that are no
    /// numbers.</summary>
    internal void Gradient(LogitPair pair, float[] gradient)
    {
        problem.Model.Gradient(pair.Seed(problem.Model.Network.Classes), gradient, problem.Cancel);
        if (!gradient.All(float.IsFinite))
        {
            Array.Clear(gradient);
        }

        if (!_blind && !gradient.AsSpan().ContainsAnyExcept(0f))
        {
            _blind = true;
            problem.Say?.Invoke($"step {Step - 1}: the gradient is zero everywhere, or no number: the attack is blind there");
        }
    }

    /// <summary>How far an image is from the clean one.</summary>
    private double DistanceOf(ReadOnlySpan<float> x) =>
        distance is null ? problem.Ball.Norm.Distance(problem.Ball.Center, x) : distance(x);
}
