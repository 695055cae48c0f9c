namespace Interp.Engine.Adversarial;

/// <summary>An attack that seeks the nearest image on its own. An image that reaches the goal already is its own answer; one that is found
/// outside of a ball that was given all the same is drawn back into it, and then is no success.</summary>
internal abstract class MinimalAttack : Attack
{
    public sealed override bool IsMinimal => true;

    public sealed override float[] Run(AttackProblem problem)
    {
        float[] clean = [.. problem.Surface.Clean];
        float[] logits = problem.Look(0, clean);
        if (problem.Goal.IsReached(logits))
        {
            return clean;
        }

        float[] found = Seek(problem, logits);
        if (problem.Ball.Contains(found))
        {
            return found;
        }

        problem.Ball.Project(found);
        if (problem.Lattice)
        {
            problem.Ball.Snap(found);
        }

        return found;
    }

    /// <summary>The nearest image that was found; where none was, the one that came closest to the goal.</summary>
    /// <param name="problem">What is attacked; the image that <see cref="AttackedModel.Gradient"/> speaks of is the clean one.</param>
    /// <param name="logits">Of the clean image, which does not reach the goal.</param>
    protected abstract float[] Seek(AttackProblem problem, float[] logits);
}
