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
    float[] After, IReadOnlyList<AttackStep> Steps, Work Work)
{
    /// <summary>Whether the clean image was at the goal already; it is then returned as it is.</summary>
    public bool Already => Goal.IsReached(Before);

    /// <summary>What is worth knowing beside the result: which part of an attack broke the image, a gradient of nothing but
    /// zeros.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Image − clean in units of 0…1, <c>[3,H,W]</c> of the whole image.</summary>
    public float[] Perturbation()
    {
        int plane = Clean.Width * Clean.Height;
        var change = new float[3 * plane];
        for (int i = 0; i < change.Length; i++)
        {
            change[((i % 3) * plane) + (i / 3)] = (Image.Pixels[i] - Clean.Pixels[i]) / 255f;
        }

        return change;
    }
}

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
        options ??= attack.Configure();
        Check(model, attack, goal, norm, epsilon, options);
        Work work = model.Work;
        model.Show(surface);
        float[] before = model.Logits(surface.Clean, cancel);
        var steps = new List<AttackStep>();
        var remarks = new List<string>();
        var problem = new AttackProblem(
            model, goal, new PixelBall(norm, epsilon?.Levels ?? double.PositiveInfinity, surface.Clean, 255),
            options)
        {
            Seed = seed,
            Lattice = lattice,
            Watch = step =>
            {
                steps.Add(step);
                watch?.Invoke(step);
            },
            Say = remarks.Add,
            Cancel = cancel,
        };
        float[] levels = goal.IsReached(before) || IsAlone(problem) ? surface.Clean : attack.Run(problem);
        bool claimed = goal.IsReached(model.Logits(levels, cancel));
        RgbImage image = surface.ToImage(levels);
        float[] after = model.ReadBack(image, cancel);
        return new AttackResult(
            attack, goal, surface.Image, image, levels, claimed, goal.IsReached(after), before, after, steps, model.Work - work)
        {
            Remarks = remarks,
        };
    }

    /// <summary>Whether no image but the clean one is so near and on whole levels.</summary>
    private static bool IsAlone(AttackProblem problem)
    {
        bool alone = problem.Lattice && problem.Ball.Radius < 1;
        if (alone)
        {
            problem.Say?.Invoke("epsilon is less than one grey level (1/255): of all 8-bit images only the clean one is that near");
        }

        return alone;
    }

    private static void Check(AttackedModel model, Attack attack, AttackGoal goal, PixelNorm norm, Epsilon? epsilon, OptionValues options)
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

        if (model.Network.Classes < attack.LeastClasses(goal, options))
        {
            throw new InputException(
                $"attack '{attack.Name}' needs {attack.LeastClasses(goal, options)} classes or more so, model {model.Network.Name} has "
                + $"{model.Network.Classes}");
        }

        if (epsilon is null && !attack.IsMinimal)
        {
            throw new InputException($"attack '{attack.Name}' needs to know how far it may go: give an epsilon, such as 8/255");
        }
    }
}
