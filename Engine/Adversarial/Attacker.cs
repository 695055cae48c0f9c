using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>An attack and what became of it when its image was saved.</summary>
/// <param name="Attack">The attack.</param>
/// <param name="Goal">What was to be reached.</param>
/// <param name="Clean">The clean image.</param>
/// <param name="Image">The image to save: 8 bits a value.</param>
/// <param name="Levels">The attack's own answer in grey levels, <c>[C,H,W]</c>; whole ones where it worked on whole ones.</param>
/// <param name="Claimed">Whether the attack's own answer reaches the goal.</param>
/// <param name="Success">Whether the 8-bit image reaches it when it is read back: what counts.</param>
/// <param name="Before">Logits of the clean image.</param>
/// <param name="After">Logits of the 8-bit image read back.</param>
/// <param name="Steps">Each step.</param>
/// <param name="Work">Passes that it took.</param>
public sealed record AttackResult(
    Attack Attack, AttackGoal Goal, RgbImage Clean, RgbImage Image, float[] Levels, bool Claimed, bool Success, float[] Before,
    float[] After, IReadOnlyList<AttackStep> Steps, Work Work);

/// <summary>Attacks images and looks at what was made of them through the 8 bits of a file. The same options give the same bits.</summary>
public static class Attacker
{
    /// <summary>Attacks one image.</summary>
    /// <param name="model">The network.</param>
    /// <param name="surface">The image.</param>
    /// <param name="attack">The attack.</param>
    /// <param name="goal">What is to be reached.</param>
    /// <param name="norm">The norm; null for the attack's usual one.</param>
    /// <param name="epsilon">How far it may go; null for an attack that seeks the nearest image.</param>
    /// <param name="options">The attack's options; null for its defaults.</param>
    /// <param name="seed">Where random choices come from.</param>
    /// <param name="lattice">Whether images stay on whole levels.</param>
    /// <param name="watch">Told each step.</param>
    /// <param name="cancel">Ends it within one layer.</param>
    /// <exception cref="InputException">The attack does not work in that norm, for that goal, or on so few classes, or lacks ε.</exception>
    public static AttackResult Run(
        AttackedModel model, Surface surface, Attack attack, AttackGoal goal, PixelNorm? norm = null, Epsilon? epsilon = null,
        OptionValues? options = null, ulong seed = 0, bool lattice = true, Action<AttackStep>? watch = null,
        CancellationToken cancel = default)
    {
        norm ??= attack.Norms[0];
        Check(model, attack, goal, norm, epsilon);
        Work work = model.Work;
        model.Show(surface);
        float[] before = model.Logits(surface.Clean, cancel);
        var steps = new List<AttackStep>();
        var problem = new AttackProblem(
            model, goal, new PixelBall(norm, epsilon?.Levels ?? double.PositiveInfinity, surface.Clean, 255),
            options ?? attack.Configure())
        {
            Seed = seed,
            Lattice = lattice,
            Watch = step =>
            {
                steps.Add(step);
                watch?.Invoke(step);
            },
            Cancel = cancel,
        };
        float[] levels = attack.Run(problem);
        bool claimed = goal.IsReached(model.Logits(levels, cancel));
        RgbImage image = surface.ToImage(levels);
        float[] after = model.ReadBack(image, cancel);
        return new AttackResult(
            attack, goal, surface.Image, image, levels, claimed, goal.IsReached(after), before, after, steps, model.Work - work);
    }

    private static void Check(AttackedModel model, Attack attack, AttackGoal goal, PixelNorm norm, Epsilon? epsilon)
    {
        if (!attack.Norms.Contains(norm))
        {
            throw new InputException(
                $"attack '{attack.Name}' does not work in norm {norm.Name}: expected "
                + string.Join(" or ", attack.Norms.Select(n => n.Name)));
        }

        if (goal.Target is not null && !attack.CanTarget)
        {
            throw new InputException($"attack '{attack.Name}' cannot seek a given class; leave out the target");
        }

        if (model.Network.Classes < attack.LeastClasses)
        {
            throw new InputException(
                $"attack '{attack.Name}' needs {attack.LeastClasses} classes or more, model {model.Network.Name} has "
                + $"{model.Network.Classes}");
        }

        if (epsilon is null && !attack.IsMinimal)
        {
            throw new InputException($"attack '{attack.Name}' needs to know how far it may go: give an epsilon, such as 8/255");
        }
    }
}
