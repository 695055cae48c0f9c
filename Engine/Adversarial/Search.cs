using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// The images that an attack has looked at. An image is looked at where it can be saved: on the whole levels nearest to it in the ball,
/// unless the attack works without; its gradient is taken there and passed straight through the rounding, so an attack may gather steps
/// of less than a level. Kept is the first image that reaches the goal, else the one with the least margin.
/// </summary>
/// <param name="problem">The image, the goal and the ball.</param>
internal sealed class Search(AttackProblem problem)
{
    private readonly float[] _seen = [.. problem.Surface.Clean];
    private double _least = double.PositiveInfinity;
    private int _step;

    /// <summary>The image that is returned.</summary>
    internal float[] Best { get; } = [.. problem.Surface.Clean];

    /// <summary>Whether it reaches the goal.</summary>
    internal bool Reached { get; private set; }

    /// <summary>Looks at an image of the ball.</summary>
    internal float[] Look(ReadOnlySpan<float> x)
    {
        x.CopyTo(_seen);
        if (problem.Lattice)
        {
            problem.Ball.Snap(_seen);
        }

        float[] logits = problem.Look(_step++, _seen);
        bool reached = problem.Goal.IsReached(logits);
        double margin = problem.Goal.Margin(logits);
        if (!Reached && (reached || margin < _least))
        {
            (_least, Reached) = (margin, reached);
            _seen.CopyTo(Best, 0);
        }

        return logits;
    }

    /// <summary>The gradient of a loss, but for its length, at the image that was looked at last.</summary>
    internal void Gradient(AttackLoss loss, AttackGoal goal, float[] logits, Span<float> gradient)
    {
        problem.Model.Gradient(loss.Direction(logits, goal), gradient, problem.Cancel);
        if (!gradient.ContainsAnyExcept(0f))
        {
            problem.Say?.Invoke($"step {_step - 1}: the gradient is zero everywhere: the attack is blind there");
        }
    }

    /// <summary>An image of the ball from a random sequence; on whole levels where the attack works on them.</summary>
    internal float[] RandomStart(ulong stream)
    {
        PixelBall ball = problem.Ball;
        var x = new float[problem.Surface.Clean.Length];
        ball.Norm.Inside(problem.Random(stream), ball.Radius, problem.Lattice, x);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] += ball.Center[i];
        }

        ball.Project(x);
        return x;
    }
}
