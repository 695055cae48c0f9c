using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>One attack of a run.</summary>
/// <param name="Attack">The attack.</param>
/// <param name="Options">Its options.</param>
/// <param name="Norm">What distance is.</param>
/// <param name="Epsilon">How far it may go; null where it seeks the nearest image.</param>
internal sealed record PlannedAttack(Attack Attack, OptionValues Options, PixelNorm Norm, Epsilon? Epsilon);

/// <summary>All that the options say, checked against each other and the network.</summary>
/// <param name="Attacks">The attacks.</param>
/// <param name="From">The class attacked from, where it is the same for all images.</param>
/// <param name="IsTrueClass">Whether it is the one that the image's folder names.</param>
/// <param name="Target">The class that is wanted.</param>
/// <param name="Surface">What is changed.</param>
/// <param name="Lattice">Whether on whole grey levels only.</param>
/// <param name="Noise">Images with noise beside each attack.</param>
/// <param name="Explainers">Methods of maps.</param>
/// <param name="Layer">The layer whose units are compared; null for none.</param>
internal sealed record AttackPlan(
    IReadOnlyList<PlannedAttack> Attacks, int? From, bool IsTrueClass, TargetChoice Target, string Surface, bool Lattice, int Noise,
    IReadOnlyList<AttributionMethod> Explainers, Node? Layer)
{
    /// <exception cref="InputException">Options contradict each other, or do not suit the network.</exception>
    internal static AttackPlan Read(Invocation run, Network network, IReadOnlyList<(Attack Method, OptionValues Options)> methods)
    {
        bool isMinimal = run.Get(AttackFlags.Minimal);
        if (isMinimal && run.IsGiven(AttackFlags.EpsilonText))
        {
            throw new InputException("--epsilon and --minimal: an attack seeks either an image within a distance or the nearest one; give "
                + "one of them");
        }

        if (isMinimal && methods.FirstOrDefault(m => !m.Method.IsMinimal).Method is { } bounded)
        {
            throw new InputException($"--minimal: {bounded.Name} seeks an image within a distance; those that seek the nearest are "
                + AttackFlags.List(isMinimal: true));
        }

        run.NoteIdle(methods.All(m => m.Method.IsMinimal), "on attacks that seek the nearest image", AttackFlags.EpsilonText);
        PlannedAttack[] attacks = [.. methods.Select(m => Plan(run, m.Method, m.Options))];
        bool lattice = run.Get(AttackFlags.Lattice);
        foreach (PlannedAttack a in attacks.Where(a => lattice && a.Epsilon is { } e && RobustnessProbe.IsOffLattice(a.Norm, e)))
        {
            throw new InputException(a.Epsilon!.Levels < 1
                ? $"--epsilon {a.Epsilon}: an 8-bit image changes by at least 1/255 where it changes at all; give 1/255 or more, or "
                    + "--lattice false to see what rounding leaves"
                : $"--epsilon {a.Epsilon}: is {a.Epsilon.Levels:0.###} grey levels, and an 8-bit image has whole ones; give "
                    + $"{Math.Floor(a.Epsilon.Levels):0}/255, or --lattice false to see what rounding leaves");
        }

        string from = run.Get(AttackFlags.Class);
        bool isTrue = from == Evaluation.Evaluator.True;
        var explainers = AttackFlags.Explainers(run);
        foreach (AttributionMethod method in explainers)
        {
            method.Check(network, method.Configure());
        }

        bool explains = explainers.Count > 0 || run.Get(AttackFlags.Report);
        run.NoteIdle(!explains, $"without {AttackFlags.Explain.Name} or {AttackFlags.Report.Name}", AttackFlags.Units);
        return new AttackPlan(
            attacks, isTrue || from == AttackFlags.TopClass ? null : network.Labels.Find(from), isTrue,
            TargetChoice.Of(network, run.Get(AttackFlags.Target)), run.Get(AttackFlags.SurfaceName), lattice, run.Get(AttackFlags.Noise),
            explainers,
            !explains ? null : run.Get(AttackFlags.Units) is { } layer ? run.FindLayer(network, layer) : LastPlane(network));
    }

    /// <summary>What the results of one attack depend on beside the image, a line each.</summary>
    internal IEnumerable<string> Settings(PlannedAttack a) =>
    [
        "attack", a.Attack.Name, .. a.Options.Texts.Select(o => $"{o.Key} {o.Value}"), a.Norm.Name,
        $"{a.Epsilon?.Levels.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}", $"{From} {IsTrueClass}",
        $"{Target.Text?.ToLowerInvariant()} {Target.Class}", Surface, $"{Lattice}", $"{Noise}",
    ];

    /// <summary>What is explained of a result, a line each.</summary>
    internal IEnumerable<string> ExplainSettings => [.. Explainers.Select(m => $"map {m.Name}"), $"units {Layer?.Name}"];

    private static PlannedAttack Plan(Invocation run, Attack attack, OptionValues options)
    {
        PixelNorm norm = run.Get(AttackFlags.Norm) is { } name ? PixelNorm.All.Find(name) : attack.Norms[0];
        return attack.Norms.Contains(norm)
            ? new PlannedAttack(attack, options, norm, attack.IsMinimal ? null : AttackFlags.Epsilon(run, norm))
            : throw new InputException(
                $"--norm {norm.Name}: {attack.Name} works in {string.Join(" and ", attack.Norms.Select(n => n.Name))}");
    }

    /// <summary>The last layer that has a plane for each channel, or the last of all.</summary>
    private static Node LastPlane(Network network)
    {
        Node[] planes = [.. network.Nodes.Where(n => n.Id > 0 && network.OwnShapes[n.Id].HasMaps)];
        return planes.LastOrDefault(n => n.Layer is Engine.Layers.ReLU or Engine.Layers.Activation) ?? planes.LastOrDefault()
            ?? network.Nodes[^1];
    }
}
