using System.Diagnostics;
using Interp.Cli.Evaluation;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Cli.Adversarial;

/// <summary>What <c>attack</c> does with every image: attacks it with each attack, unless that result is there already, saves what comes of
/// it, and looks at the saved file.</summary>
/// <param name="run">The command's run.</param>
/// <param name="model">The network as attacks see it.</param>
/// <param name="explainer">The network as <c>predict</c> sees it.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="failures">Keeps one failure from taking the others with it.</param>
internal sealed class AttackJob(Invocation run, AttackedModel model, Explainer explainer, AttackPlan plan, Failures failures)
{
    private const int TopClasses = 5;

    private readonly string _root = run.Get(AttackFlags.Out);
    private readonly ulong _seed = run.Get(SharedOptions.Seed);
    private readonly OutputNames _names = new();
    private readonly LabelledImages _labels = new(explainer.Network, BoxFile.None, 1);
    private readonly AttackExplanation _explanation = new(run, explainer, plan);

    /// <summary>The results so far, in order.</summary>
    internal List<AttackLine> Done { get; } = [];

    /// <summary>How many of them were there before.</summary>
    internal int Reused { get; private set; }

    private Network Network => explainer.Network;

    /// <summary>The most passes for an image, forward and backward counted alike.</summary>
    internal static long MostPasses(AttackPlan plan) => plan.Attacks.Sum(a => Passes(a) + plan.Noise);

    /// <summary>Attacks an image.</summary>
    /// <param name="input">The image.</param>
    /// <param name="alone">Whether it is the only one.</param>
    /// <param name="report">Told what is done and how many passes of the image at most.</param>
    internal void Attack(NetworkInput input, bool alone, Action<string, long> report)
    {
        RequirePixels(input);
        string folder = Path.Combine(_root, _names.Take(input.Path, null));
        Subject? subject = null;
        long at = 0;
        foreach (PlannedAttack planned in plan.Attacks)
        {
            run.Cancel.ThrowIfCancellationRequested();
            long start = at;
            at += Passes(planned) + plan.Noise;
            if (failures.GaveUp(planned.Attack.Name))
            {
                continue;
            }

            report(planned.Attack.Name, start);
            string path = Path.Combine(folder, planned.Attack.Name);
            var files = new ResultFolder<AttackManifest>(path, AttackJson.Strict.AttackManifest);
            string settings = SettingsOf(input, planned);
            if (files.Existing(settings) is { } existing)
            {
                Reused++;
                Done.Add(new AttackLine(input.Path, path, existing));
                continue;
            }

            subject ??= SubjectOf(input);
            string piece = $"{planned.Attack.Name} on {Readable.Path(input.Path)}";
            bool isDone = failures.Try(planned.Attack.Name, piece, alone && plan.Attacks.Count == 1, () =>
            {
                Done.Add(new AttackLine(input.Path, path, Work(subject, planned, files, settings, done => report(
                    planned.Attack.Name, start + done))));
            });
            if (!isDone)
            {
                explainer.Release();
            }
        }
    }

    /// <summary>An image's surface and what is to be reached; for the curve as well.</summary>
    internal Subject SubjectOf(NetworkInput input)
    {
        RequirePixels(input);
        if (input.IsPrepared && plan.Surface == SurfaceChoice.File)
        {
            throw new InputException($"{input.Path}: is the network's input already, which --surface file would prepare once more; "
                + "attack the file that it was made of, or leave --surface out");
        }

        Surface surface = SurfaceChoice.Of(plan.Surface, Network, input, run);
        model.Show(surface);
        float[] logits = model.Logits(surface.Clean, run.Cancel);
        if (!logits.All(float.IsFinite))
        {
            throw new InputException($"{input.Path}: the network's logits are not finite, so there is nothing to attack");
        }

        int top = Prediction.Top(logits, Network.Labels, Network.OutputActivation, 1)[0].Class;
        int from = plan.From ?? (plan.IsTrueClass ? _labels.ClassOf(input) ?? throw new InputException(
            $"{input.Path}: its folder is called by no WordNet id of a class of {Network.Name}, so its true class is not known; leave "
            + $"--class {Evaluator.True} out to attack the network's answer") : top);
        return new Subject(input, surface, plan.Target.Goal(from, logits, input.FileHash, _seed));
    }

    /// <summary>What the results of an attack on an image depend on.</summary>
    internal string SettingsOf(NetworkInput input, PlannedAttack planned) => SettingsHash.Of(
    [
        Network.Name, Network.Hash, input.Path, input.FileHash, $"{_seed}", .. plan.Settings(planned), .. plan.ExplainSettings,
        .. _explanation.Settings, .. SettingsHash.Engine(run, explainer.Backend.Info),
    ]);

    private AttackManifest Work(
        Subject subject, PlannedAttack planned, ResultFolder<AttackManifest> folder, string settings, Action<long> report)
    {
        var clock = Stopwatch.StartNew();
        long looks = 0;
        AttackResult result = Attacker.Run(
            model, subject.Surface, planned.Attack, subject.Goal, planned.Norm, planned.Epsilon, planned.Options, _seed, plan.Lattice,
            _ => report(looks += 2), run.Cancel);
        TimeSpan time = clock.Elapsed;
        folder.Begin(settings);
        var writer = new AttackWriter(folder, subject.Surface);
        writer.Write(result);
        NetworkInput saved = NetworkInput.Read(writer.AdversarialPath, Network, run.Cancel)[0];
        float[] after = explainer.Forward(saved, [], run.Cancel).Logits();
        AttackManifest manifest = ManifestOf(subject, planned, result, settings, time, after, writer.Factor);
        if (!result.Already)
        {
            manifest = _explanation.Explain(subject, saved, manifest, writer.Add);
        }

        manifest = writer.Finish(manifest);
        folder.Settle(manifest);
        return manifest;
    }

    private static string Disagreement(bool success) =>
        $"the saved file {(success ? "misleads" : "does not mislead")} the network, and the same image in memory "
        + $"{(success ? "does not" : "does")}: this is a fault of the program, please report it";

    private RateLine? NoiseOf(Subject subject, PlannedAttack planned, AttackResult result)
    {
        double size = planned.Norm.Distance(subject.Surface.Clean, subject.Surface.LevelsOf(result.Image));
        if (plan.Noise == 0 || size == 0)
        {
            return null;
        }

        int misled = NoiseControl.Successes(
            model, subject.Surface, new AttackGoal(subject.Goal.From), planned.Norm, size, plan.Noise, _seed, run.Cancel);
        return RateLine.From(misled, plan.Noise);
    }

    private AttackManifest ManifestOf(
        Subject subject, PlannedAttack planned, AttackResult result, string settings, TimeSpan time, float[] after, double factor)
    {
        bool success = subject.Goal.IsReached(after);
        BackendInfo backend = explainer.Backend.Info;
        AttackGoal goal = subject.Goal;
        return new AttackManifest
        {
            Settings = settings,
            Model = Network.Name,
            ModelHash = Network.Hash,
            Image = subject.Input.Path,
            ImageHash = subject.Input.FileHash,
            Method = planned.Attack.Name,
            Source = planned.Attack.Source,
            Options = planned.Options.Values.ToDictionary(),
            Norm = planned.Norm.Name,
            Epsilon = planned.Epsilon?.Text,
            EpsilonValue = planned.Epsilon?.Value,
            Surface = subject.Surface.Name,
            Lattice = plan.Lattice,
            Seed = _seed,
            From = NamedClass.Of(goal.From, Network.Labels),
            Target = goal.Target is { } t ? NamedClass.Of(t, Network.Labels) : null,
            Misclassified = result.Already,
            Success = success,
            Claimed = result.Claimed,
            ClaimedDistance = planned.Norm.Distance(subject.Surface.Clean, result.Levels) / 255,
            Before = Top(result.Before),
            After = Top(after),
            Distances = DistanceLine.Of(AttackDistances.Of(subject.Surface, result.Image)),
            Noise = result.Already ? null : NoiseOf(subject, planned, result),
            Steps = result.Steps.Count,
            ForwardPasses = result.Work.Forward,
            BackwardPasses = result.Work.Backward,
            TimeMs = Math.Round(time.TotalMilliseconds, 3),
            DifferenceFactor = factor,
            Threads = backend.Threads,
            Backend = backend.Name,
            InstructionSet = backend.InstructionSet,
            Convolution = run.Get(SharedOptions.Convolution),
            Memory = run.Get(SharedOptions.Memory),
            Remarks = [.. result.Remarks, .. success != result.Success ? [Disagreement(success)] : Array.Empty<string>()],
        };
    }

    private IReadOnlyList<PredictedClass> Top(float[] logits) =>
        [.. Prediction.Top(logits, Network.Labels, Network.OutputActivation, TopClasses)
            .Select(PredictedClass.Of)];

    /// <summary>The most passes of one attack.</summary>
    internal static long Passes(PlannedAttack planned)
    {
        Work most = planned.Attack.MostWork(planned.Options);
        return most.Forward + most.Backward;
    }

    private static void RequirePixels(NetworkInput input)
    {
        if (input.FileSize is null)
        {
            throw new InputException(
                $"{input.Path}: holds a tensor in the network's units, and an attack changes an image's pixels; give the image file");
        }
    }
}

/// <summary>An image with what is to be reached.</summary>
/// <param name="Input">The image.</param>
/// <param name="Surface">What is changed.</param>
/// <param name="Goal">What is to be reached.</param>
internal sealed record Subject(NetworkInput Input, Surface Surface, AttackGoal Goal);
