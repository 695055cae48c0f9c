using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>One image, one goal, and how far an attack may go.</summary>
/// <param name="Model">The network, which shows the image's surface.</param>
/// <param name="Goal">What is to be reached.</param>
/// <param name="Ball">The images allowed, in grey levels around the clean one; for an attack that seeks the nearest image on its own, the
/// box with the norm that it is to be near in and an infinite radius.</param>
/// <param name="Options">The attack's options.</param>
public sealed record AttackProblem(AttackedModel Model, AttackGoal Goal, PixelBall Ball, OptionValues Options)
{
    /// <summary>Where random choices come from; the same seed gives the same image.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether images stay on whole grey levels wherever they can: what is found is then what is saved.</summary>
    public bool Lattice { get; init; } = true;

    /// <summary>Told each step.</summary>
    public Action<AttackStep>? Watch { get; init; }

    /// <summary>Told what is worth knowing beside the result.</summary>
    public Action<string>? Say { get; init; }

    /// <summary>Ends the attack within one layer.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>The image.</summary>
    public Surface Surface => Model.Surface;

    /// <summary>One of the attack's random sequences.</summary>
    internal Rng Random(ulong stream) => new(Seed, stream);

    /// <summary>Asks for logits and tells the step.</summary>
    internal float[] Look(int step, ReadOnlySpan<float> levels)
    {
        float[] logits = Model.Logits(levels, Cancel);
        double[] p = Model.Network.OutputActivation.Probabilities(logits);
        Watch?.Invoke(new AttackStep(step, Goal.Margin(logits), p[Goal.From], p[Goal.Target ?? AttackGoal.Other(logits, Goal.From)]));
        return logits;
    }
}

/// <summary>One step of an attack.</summary>
/// <param name="Index">Counted from 0, the clean image or the random start.</param>
/// <param name="Margin"><see cref="AttackGoal.Margin"/>: at most 0 where the goal is reached.</param>
/// <param name="From">The probability of the class that is attacked.</param>
/// <param name="Other">That of the wanted class; where any other will do, that of the likeliest other.</param>
public readonly record struct AttackStep(int Index, double Margin, double From, double Other);
