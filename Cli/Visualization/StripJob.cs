using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;

namespace Interp.Cli.Visualization;

/// <summary>
/// The same class climbed from one photo within ever larger balls, then freely, then with transforms, then from noise: where an attack
/// turns into a visualisation. Each image is a result of <c>visualize</c> in a folder of its own; what is there already is kept.
/// </summary>
internal sealed class StripJob(Invocation run, Visualizer visualizer, IBackend backend, VisualizePlan plan, string transforms, Node layer)
{
    internal const string ImageName = "strip.png";
    private const string TableName = "strip.csv";
    private readonly RgbImage _photo = plan.Options.From!;
    private readonly NetworkSurface _surface = new(visualizer.Network, plan.Options.From!);

    private Network Network => visualizer.Network;

    /// <summary>Makes what is missing, and the strip of all.</summary>
    /// <param name="target">The class.</param>
    /// <param name="root">The folder of all results.</param>
    /// <param name="path">The photo's file.</param>
    /// <param name="report">Told what is being made, the steps done and the steps in all.</param>
    internal StripLine Make(VisualizeTarget target, string root, string path, Action<string, long, long> report)
    {
        var clock = Stopwatch.StartNew();
        string folder = Path.Combine(root, SafeName.Of($"{target.Name}-strip"));
        OutputFile.CreateFolder(folder, "--out");
        IReadOnlyList<StripStep> steps = StripStep.All(plan, transforms);
        double[] before = Means(_photo);
        var cells = new List<StripCell> { Read(target, null, _photo, before, null) };
        var images = new List<RgbImage> { _photo };
        for (int i = 0; i < steps.Count; i++)
        {
            run.Cancel.ThrowIfCancellationRequested();
            long each = (long)plan.Options.Steps * plan.Restarts, earlier = i * each;
            StripStep step = steps[i];
            var job = new VisualizeJob(run, visualizer, backend, step.Plan, folder);
            VisualizeTarget own = target with { Name = step.Name };
            VisualizeLine line = job.Existing(own)
                ?? job.Make(own, FramePlan.None, (_, done, _) => report(step.Words, earlier + done, steps.Count * each));
            run.Cancel.ThrowIfCancellationRequested();
            RgbImage image = ImageFile.Read(Path.Combine(line.Folder, VisualizeJob.ImageName(0)));
            images.Add(image);
            cells.Add(Read(target, step, image, before, line.Manifest.Steps));
        }

        return Write(new ResultFolder<StripManifest>(folder, VisualizationJson.Strict.StripManifest), target, path, cells, images, clock);
    }

    /// <summary>What the network makes of a saved image, as its own input, beside what the layer's channels are on the photo.</summary>
    private StripCell Read(VisualizeTarget target, StripStep? step, RgbImage image, double[] before, int? steps)
    {
        ImageFacts facts = Facts(image);
        AttackDistances d = AttackDistances.Of(_surface, image);
        int c = target.Class!.Value;
        double[] after = Means(image);
        int risen = Enumerable.Range(0, after.Length).MaxBy(k => after[k] - before[k]);
        return new StripCell(
            step?.Name ?? "photo", step?.Words ?? "the photo",
            step is { } s && double.IsFinite(s.Levels) ? s.Plan.Options.Within!.Radius : null,
            step?.Plan.Values.First(v => v.Name == "transforms").Value as string,
            facts.Probabilities[c],
            step is { } bounded && double.IsFinite(bounded.Levels) ? Facts(Noisy(bounded.Levels)).Probabilities[c] : null,
            PredictedClass.Of(facts.Top[0]),
            d.LInf, d.L2, d.Ssim,
            step is null ? null : new StripUnit(risen, before[risen], after[risen]),
            steps);
    }

    private ImageFacts Facts(RgbImage image) => visualizer.Check.Facts(image, 1, null, null, prepared: true);

    private RgbImage Noisy(double levels)
    {
        float[] noise = NoiseControl.Image(_surface, PixelNorm.LInf, Math.Round(levels), plan.Options.Seed);
        return ImageBytes.Of(new Canvas(1, _photo.Height, _photo.Width, Network.InputChannels), [.. noise.Select(v => v / 255f)], 0);
    }

    private double[] Means(RgbImage image)
    {
        Session session = visualizer.Check.Look(image, [layer], prepared: true, run.Cancel);
        float[] values = session.Activation(layer);
        return [.. values.Chunk(values.Length / session.ShapeOf(layer)[1]).Select(map => map.Average(v => (double)v))];
    }

    private StripLine Write(
        ResultFolder<StripManifest> folder, VisualizeTarget target, string path, List<StripCell> cells, List<RgbImage> images,
        Stopwatch clock)
    {
        BackendInfo info = backend.Info;
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        string settings = SettingsHash.Of(
        [
            Network.Name, Network.Hash, target.Name, target.Objective(plan).Name, layer.Name, hash, transforms,
            .. plan.Values.Select(v => $"{v.Name} {v.Value}"), $"{plan.Options.Seed}", .. SettingsHash.Engine(run, info),
        ]);
        folder.Begin(settings);
        folder.Add(ImageName, s => ImageFile.WritePng(s, StripImage.Draw(images, cells, layer.Name)));
        folder.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(Table(cells))));
        string[] files = [ImageName, TableName];
        var manifest = new StripManifest
        {
            Settings = settings,
            Model = Network.Name,
            ModelHash = Network.Hash,
            Image = path,
            ImageHash = hash,
            Class = target.Class!.Value,
            Label = Network.Labels[target.Class.Value],
            Objective = target.Objective(plan).Name,
            Layer = layer.Name,
            Options = plan.Values.Where(v => v.Name is not "within" and not "transforms").ToDictionary(v => v.Name, v => v.Value),
            Seed = plan.Options.Seed,
            Threads = info.Threads,
            Backend = info.Name,
            InstructionSet = info.InstructionSet,
            Cells = cells,
            TimeMs = Math.Round(clock.Elapsed.TotalMilliseconds, 3),
            Files = files,
            Sha256 = folder.SumsOf(files),
        };
        folder.Settle(manifest);
        return new StripLine(folder.Path, manifest);
    }

    private static string Table(List<StripCell> cells)
    {
        var table = new CsvTable();
        table.Add(["cell", "epsilon", "transforms", "probability", "noise_probability", "top_class", "top_label", "linf", "l2", "ssim",
            "unit", "unit_before", "unit_after"]);
        foreach (StripCell c in cells)
        {
            table.Add([c.Name, Number(c.Epsilon), c.Transforms ?? "", Number(c.Probability), Number(c.NoiseProbability), $"{c.Top.Class}",
                c.Top.Label, Number(c.Linf), Number(c.L2), Number(c.Ssim),
                c.Unit is { } u ? u.Channel.ToString(CultureInfo.InvariantCulture) : "", Number(c.Unit?.Before), Number(c.Unit?.After)]);
        }

        return table.ToString();

        static string Number(double? value) => CsvTable.Number(value ?? double.NaN);
    }
}
