using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;

namespace Interp.Cli.Visualization;

/// <summary>Makes the picture of one unit after the other, and writes each with what the network says of it when it is read back.</summary>
internal sealed class VisualizeJob(Invocation run, Visualizer visualizer, IBackend backend, VisualizePlan plan, string root)
{
    private const string Option = "--out";
    internal const string PictureName = "image.png";
    internal const string CurveName = "curve.csv";
    private const string ManifestName = "manifest.json";
    private const int TopClasses = 5;
    private const int MostFrames = 4096;

    /// <summary>The result of the same settings that is there already, or null.</summary>
    internal VisualizeLine? Existing(VisualizeTarget target)
    {
        string folder = Path.Combine(root, target.Name);
        try
        {
            using FileStream stream = File.OpenRead(Path.Combine(folder, ManifestName));
            return JsonSerializer.Deserialize(stream, CliJson.Pretty.VisualizeManifest) is { } manifest && manifest.Settings == Settings(target)
                && manifest.Files.All(f => File.Exists(Path.Combine(folder, f))) ? new VisualizeLine(target.Name, folder, manifest) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // Not a result of this program, or of an earlier version of it: made again.
        }
    }

    /// <summary>Optimises and writes. After a cancellation the picture reached so far is written as well, if there is one.</summary>
    /// <param name="target">What is made visible.</param>
    /// <param name="frames">What is kept of the way.</param>
    /// <param name="report">Told what is done, the steps done and the steps in all.</param>
    internal VisualizeLine Make(VisualizeTarget target, FramePlan frames, Action<string, long, long> report)
    {
        string folder = Path.Combine(root, target.Name);
        OutputFile.CreateFolder(folder, Option);
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
        return Write(folder, target, objective, best, runs, frames, visualizer.Work - before, clock);
    }

    private Attempt Run(Objective objective, VisualizeTarget target, VisualizationOptions options, FramePlan frames, Action<long> report)
    {
        var pngs = new List<byte[]>();
        VisualizationResult result = visualizer.Run(objective, options, (point, canvas, pictures) =>
        {
            report(point.Index);
            if (frames.Every > 0 && point.Index % frames.Every == 0 && pngs.Count < MostFrames)
            {
                pngs.Add(AnimatedPng.Encode(PictureBytes.Of(canvas, pictures, 0)));
            }
        }, run.Cancel);
        RgbImage image = result.Image(0);
        double value = Value(target, image);
        double score = target.Class is { } c && !target.IsNegative ? visualizer.Check.Probability(image, c) : target.IsNegative ? -value : value;
        return new Attempt(options.Seed, result, image, value, score, pngs);
    }

    private double Value(VisualizeTarget target, RgbImage image) =>
        visualizer.Measure(target.Unit, new Canvas(1, image.Height, image.Width), PictureBytes.ToPlanes(image, 1))[0];

    private VisualizeLine Write(
        string folder, VisualizeTarget target, Objective objective, Attempt best, List<Attempt> runs, FramePlan frames, Work work, Stopwatch clock)
    {
        var files = new List<string>();
        OutputFile.Delete(Path.Combine(folder, ManifestName), Option);
        Add(PictureName, s => ImageFile.WritePng(s, best.Image));
        Add("image.npy", s => Npy.Write(s, new Shape(Canvas.Channels, best.Image.Height, best.Image.Width), best.Result.Pictures));
        Add(CurveName, s => s.Write(Encoding.UTF8.GetBytes(Curve(best.Result.Curve))));
        for (int i = 0; frames.Files && i < best.Frames.Count; i++)
        {
            byte[] png = best.Frames[i];
            Add($"frames/{i * frames.Every:00000}.png", s => s.Write(png));
        }

        if (frames.Animation && best.Frames.Count > 0)
        {
            byte[] last = AnimatedPng.Encode(best.Image);
            Add("animation.png", s => AnimatedPng.Write(s, [.. best.Frames.Where(f => AnimatedPng.SameSize(f, last)), last]));
        }

        VisualizeManifest manifest = Loop(folder, target, objective, best) with
        {
            Restarts = [.. runs.Select(r => new RestartLine(r.Seed, r.Score))],
            ForwardPasses = work.Forward,
            BackwardPasses = work.Backward,
            TimeMs = Math.Round(clock.Elapsed.TotalMilliseconds, 3),
            Files = [.. files],
        };
        Add(ManifestName, s =>
        {
            JsonSerializer.Serialize(s, manifest, CliJson.Pretty.VisualizeManifest);
            s.WriteByte((byte)'\n');
        });
        return new VisualizeLine(target.Name, folder, manifest);

        void Add(string file, Action<Stream> write)
        {
            OutputFile.Write(Path.Combine(folder, file), Option, write);
            files.Add(file);
        }
    }

    /// <summary>Reads the saved picture back and says what the network makes of it.</summary>
    private VisualizeManifest Loop(string folder, VisualizeTarget target, Objective objective, Attempt best)
    {
        RgbImage image = ImageFile.Read(Path.Combine(folder, PictureName));
        PictureFacts facts = visualizer.Check.Facts(image, TopClasses, target.Layer, target.Channel);
        double after = Value(target, image);
        BackendInfo info = backend.Info;
        Canvas canvas = best.Result.Canvas with { Count = 1 };
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
            Shape = [Canvas.Channels, canvas.Height, canvas.Width],
            Steps = best.Result.Curve.Count,
            Stopped = best.Result.Stopped.ToString().ToLowerInvariant(),
            ActivationBefore = visualizer.Measure(target.Unit, canvas, best.Result.Start)[0],
            ActivationAfter = after,
            Rank = facts.Rank,
            Channels = facts.Channels,
            Prediction = [.. facts.Top.Select(p => new PredictedClass(p.Class, p.Label, p.Logit, p.Probability))],
            Probability = target.Class is { } wanted ? facts.Probabilities[wanted] : facts.Top[0].Probability,
            Restarts = [],
            ForwardPasses = 0,
            BackwardPasses = 0,
            TimeMs = 0,
            Diagnosis = VisualizeDiagnosis.Of(target, best.Result, after),
            Files = [],
        };
    }

    private string Settings(VisualizeTarget target) => SettingsHash.Of(
    [
        visualizer.Network.Name, visualizer.Network.Hash, target.Name, target.Objective(plan).Name, .. plan.Values.Select(v => $"{v.Name} {v.Value}"), $"{plan.Options.Seed}",
        backend.Info.ToString(), run.Get(SharedOptions.Convolution), run.Get(SharedOptions.Memory),
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
    private sealed record Attempt(ulong Seed, VisualizationResult Result, RgbImage Image, double Value, double Score, List<byte[]> Frames);
}
