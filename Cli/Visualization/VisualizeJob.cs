using System.Diagnostics;
using System.Globalization;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Algebra;

namespace Interp.Cli.Visualization;

/// <summary>Makes the image of one unit after the other, and writes each with what the network says of it when it is read back.</summary>
internal sealed class VisualizeJob(Invocation run, Visualizer visualizer, IBackend backend, VisualizePlan plan, string root)
{
    private const string Option = "--out";
    internal const string CurveName = "curve.csv";
    private const int TopClasses = 5;
    private const int MostFrames = 4096;

    /// <summary><c>image.png</c>, <c>image-2.png</c>, …</summary>
    internal static string ImageName(int index) => index == 0 ? "image.png" : $"image-{index + 1}.png";

    /// <summary>The folder of one unit.</summary>
    internal static ResultFolder<VisualizeManifest> FolderOf(string root, VisualizeTarget target) =>
        new(Path.Combine(root, SafeName.Of(target.Name)), VisualizationJson.Strict.VisualizeManifest);

    /// <summary>The result of the same settings that is there already, or null.</summary>
    internal VisualizeLine? Existing(VisualizeTarget target) =>
        FolderOf(root, target) is var folder && folder.Existing(Settings(target)) is { } manifest
        ? new VisualizeLine(target.Name, folder.Path, manifest)
        : null;

    /// <summary>Whether a result stands as it was written.</summary>
    internal static bool Holds(VisualizeLine line) =>
        new ResultFolder<VisualizeManifest>(line.Folder, VisualizationJson.Strict.VisualizeManifest).IsWhole(line.Manifest);

    /// <summary>Optimises and writes. After a cancellation the image reached so far is written as well, if there is one.</summary>
    /// <param name="target">What is made visible.</param>
    /// <param name="frames">What is kept of the way.</param>
    /// <param name="report">Told what is done, the steps done and the steps in all.</param>
    internal VisualizeLine Make(VisualizeTarget target, FramePlan frames, Action<string, long, long> report)
    {
        ResultFolder<VisualizeManifest> folder = FolderOf(root, target);
        OutputFile.CreateFolder(folder.Path, Option);
        var clock = Stopwatch.StartNew();
        Objective objective = target.Objective(plan);
        var runs = new List<Attempt>();
        Work before = visualizer.Work;
        for (int i = 0; i < plan.Restarts && (i == 0 || !run.Cancel.IsCancellationRequested); i++)
        {
            int first = i * plan.Options.Steps;
            runs.Add(Run(objective, target, plan.Options with { Seed = plan.Options.Seed + (ulong)i, Class = target.Class }, frames, step =>
                report(target.Name, first + step, (long)plan.Restarts * plan.Options.Steps)));
        }

        if (runs[0].Result.Curve.Count == 0)
        {
            run.Cancel.ThrowIfCancellationRequested();
        }

        Attempt best = runs.MaxBy(r => r.Score)!;
        return Write(folder, target, objective, best, runs, frames, visualizer.Work - before, clock.Elapsed);
    }

    /// <summary>Optimises several at once, which share the passes through the network, and writes each as <see cref="Make"/> would: the
    /// same bytes, times apart. After a cancellation nothing is written.</summary>
    /// <param name="targets">What is made visible; the plan has one image, no restarts, and no reason to stop early.</param>
    /// <param name="report">Told the steps done of each.</param>
    internal IReadOnlyList<VisualizeLine> MakeTogether(IReadOnlyList<VisualizeTarget> targets, Action<int> report)
    {
        var clock = Stopwatch.StartNew();
        Work before = visualizer.Work;
        Objective[] objectives = [.. targets.Select(t => t.Objective(plan))];
        VisualizationOptions options = plan.Options with { Count = targets.Count, Alike = true };
        VisualizationResult all = visualizer.Run(new EachObjective(objectives), options, (point, _, _) => report(point.Index), run.Cancel);
        run.Cancel.ThrowIfCancellationRequested();
        Work each = Share(visualizer.Work - before, targets.Count);
        TimeSpan time = clock.Elapsed / targets.Count;
        return [.. targets.Select((target, n) =>
        {
            OutputFile.CreateFolder(FolderOf(root, target).Path, Option);
            VisualizationResult result = all.Only(n);
            RgbImage image = result.Image(0);
            var attempt = new Attempt(options.Seed, result, [image], Score(target, [image], result.Canvas), []);
            return Write(FolderOf(root, target), target, objectives[n], attempt, [attempt], FramePlan.None, each, time);
        })];
    }

    private static Work Share(Work work, int count) => new(work.Forward / count, work.Backward / count);

    private Attempt Run(Objective objective, VisualizeTarget target, VisualizationOptions options, FramePlan frames, Action<long> report)
    {
        var pngs = new List<byte[]>();
        VisualizationResult result = visualizer.Run(objective, options, (point, canvas, planes) =>
        {
            report(point.Index);
            if (frames.Every > 0 && point.Index % frames.Every == 0 && pngs.Count < MostFrames)
            {
                pngs.Add(PngChunks.Encode(ImageBytes.Of(canvas, planes, 0)));
            }
        }, run.Cancel);
        RgbImage[] images = [.. Enumerable.Range(0, options.Count).Select(result.Image)];
        return new Attempt(options.Seed, result, images, Score(target, images, result.Canvas), pngs);
    }

    /// <summary>How far finished images are what was wanted: by the class's probability, or else by the unit's value.</summary>
    private double Score(VisualizeTarget target, RgbImage[] images, Canvas canvas) => target.Class is { } c && !target.IsNegative
        ? images.Average(i => visualizer.Check.Probability(i, c, IsPrepared(canvas)))
        : Values(target, images).Average() * (target.IsNegative ? -1 : 1);

    /// <summary>The unit's value on each of some 8-bit images, without transforms.</summary>
    private double[] Values(VisualizeTarget target, RgbImage[] images)
    {
        int channels = visualizer.Network.InputChannels;
        var canvas = new Canvas(images.Length, images[0].Height, images[0].Width, channels);
        return visualizer.Measure(target.Unit, canvas, [.. images.SelectMany(i => ImageBytes.ToPlanes(i, 1, channels))]);
    }

    private VisualizeLine Write(
        ResultFolder<VisualizeManifest> folder, VisualizeTarget target, Objective objective, Attempt best, List<Attempt> runs,
        FramePlan frames,
        Work work, TimeSpan time)
    {
        var files = new List<string>();
        if (folder.Begin(Settings(target)) is { } other && other.ModelHash != visualizer.Network.Hash)
        {
            run.Note($"{Readable.Path(folder.Path)} held the image of {other.Description} of {other.Model}: it is replaced; "
                + $"another {Option} keeps both");
        }

        Canvas canvas = best.Result.Canvas;
        for (int n = 0; n < canvas.Count; n++)
        {
            float[] image = best.Result.Images[(n * canvas.Image)..((n + 1) * canvas.Image)];
            RgbImage own = best.Images[n];
            Add(ImageName(n), s => s.Write(IsPrepared(canvas) ? PngChunks.EncodePrepared(own) : PngChunks.Encode(own)));
            Add(Path.ChangeExtension(ImageName(n), ".npy"), s =>
                Npy.Write(s, new Shape(canvas.Channels, canvas.Height, canvas.Width), image));
        }

        Add(CurveName, s => s.Write(Encoding.UTF8.GetBytes(Curve(best.Result.Curve))));
        for (int i = 0; frames.Files && i < best.Frames.Count; i++)
        {
            byte[] png = best.Frames[i];
            Add($"frames/{i * frames.Every:00000}.png", s => s.Write(png));
        }

        if (frames.Animation && best.Frames.Count > 0)
        {
            byte[] last = PngChunks.Encode(best.Images[0]);
            Add("animation.png", s => AnimatedPng.Write(s, [.. best.Frames.Where(f => AnimatedPng.SameSize(f, last)), last]));
        }

        VisualizeManifest manifest = Loop(folder.Path, target, objective, best) with
        {
            Restarts = [.. runs.Select(r => new RestartLine(r.Seed, r.Score))],
            ForwardPasses = work.Forward,
            BackwardPasses = work.Backward,
            TimeMs = Math.Round(time.TotalMilliseconds, 3),
            Files = [.. files],
            Sha256 = folder.SumsOf(files),
        };
        folder.Settle(manifest);
        return new VisualizeLine(target.Name, folder.Path, manifest);

        void Add(string file, Action<Stream> write)
        {
            folder.Add(file, write);
            files.Add(file);
        }
    }

    /// <summary>Reads the saved image back and says what the network makes of it.</summary>
    private VisualizeManifest Loop(string folder, VisualizeTarget target, Objective objective, Attempt best)
    {
        Canvas canvas = best.Result.Canvas;
        RgbImage[] images = [.. Enumerable.Range(0, canvas.Count).Select(n => ImageFile.Read(Path.Combine(folder, ImageName(n))))];
        ImageFacts[] facts =
            [.. images.Select(i => visualizer.Check.Facts(i, TopClasses, target.Layer, target.Channel, IsPrepared(canvas)))];
        double[] after = Values(target, images);
        BackendInfo info = backend.Info;
        return new VisualizeManifest
        {
            Settings = best.Result.Stopped == StopReason.Cancelled ? "cancelled" : Settings(target),
            Model = visualizer.Network.Name,
            ModelHash = visualizer.Network.Hash,
            Unit = target.Name,
            Description = target.Words,
            Objective = objective.Name,
            Negative = target.IsNegative,
            Layer = target.Layer?.Name,
            Channel = target.Channel,
            Class = target.Class,
            Label = target.Class is { } c ? visualizer.Network.Labels[c] : null,
            Options = plan.Values.ToDictionary(v => v.Name, v => v.Value),
            Seed = best.Seed,
            Threads = info.Threads,
            Backend = info.Name,
            InstructionSet = info.InstructionSet,
            Convolution = run.Get(SharedOptions.Convolution),
            Memory = run.Get(SharedOptions.Memory),
            Shape = [canvas.Channels, canvas.Height, canvas.Width],
            Steps = best.Result.Curve.Count,
            Stopped = best.Result.Stopped.ToString().ToLowerInvariant(),
            ActivationBefore = visualizer.Measure(target.Unit, canvas, best.Result.Start)[0],
            ActivationAfter = after[0],
            Rank = facts[0].Rank,
            Channels = facts[0].Channels,
            Activation = Readable.Activation(visualizer.Network),
            Prediction = Named(facts[0].Top),
            Probability = Probability(facts[0]),
            Others = [.. Enumerable.Range(1, canvas.Count - 1).Select(
            n => new OtherImage(ImageName(n), after[n], Named(facts[n].Top), Probability(facts[n])))],
            Prepared = plan.Options.Within is null ? null : IsPrepared(canvas),
            Distance = PhotoDistance.Of(visualizer.Network, plan.Options, images[0]),
            Restarts = [],
            ForwardPasses = 0,
            BackwardPasses = 0,
            TimeMs = 0,
            Diagnosis = VisualizeDiagnosis.Of(target, best.Result, after[0]),
            Files = [],
        };

        double Probability(ImageFacts f) => target.Class is { } wanted ? f.Probabilities[wanted]
            : f.Top.Count > 0 ? f.Top[0].Probability
            : double.NaN;
    }

    private bool IsPrepared(Canvas canvas) => plan.Options.IsPrepared(visualizer.Network, canvas);

    private static IReadOnlyList<PredictedClass> Named(IReadOnlyList<Prediction> top) => [.. top.Select(PredictedClass.Of)];

    private string Settings(VisualizeTarget target) => SettingsHash.Of(
    [
        visualizer.Network.Name, visualizer.Network.Hash, target.Name, target.Objective(plan).Name,
        .. plan.Values.Select(v => $"{v.Name} {v.Value}"), $"{plan.Options.Seed}",
        .. plan.Options.Within is null ? [] : (string[])[PhotoDistance.Digest(plan.Options)],
        .. SettingsHash.Engine(run, backend.Info),
    ]);

    private static string Curve(IReadOnlyList<CurvePoint> curve)
    {
        var text = new StringBuilder("step,objective,probability\n");
        foreach (CurvePoint point in curve)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Index},{point.Objective[0]:R},{point.Probability[0]:R}\n");
        }

        return text.ToString();
    }

    /// <summary>One run of the optimisation.</summary>
    private sealed record Attempt(ulong Seed, VisualizationResult Result, RgbImage[] Images, double Score, List<byte[]> Frames);
}
