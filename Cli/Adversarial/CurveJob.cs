using System.Diagnostics;
using System.Globalization;
using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>Robust accuracy over growing distances, an image after the other.</summary>
/// <param name="run">The command's run.</param>
/// <param name="model">The network.</param>
/// <param name="job">Knows an image's surface and goal.</param>
/// <param name="plan">The attacks.</param>
/// <param name="backend">Where the network runs.</param>
internal sealed class CurveJob(Invocation run, AttackedModel model, AttackJob job, AttackPlan plan, IBackend backend)
{
    internal const string JsonName = "robustness.json", CsvName = "robustness.csv", SvgName = "robustness.svg", PngName = "robustness.png";
    private static readonly TimeSpan s_checkpoint = TimeSpan.FromSeconds(20);

    private readonly string _root = run.Get(AttackFlags.Out);
    private readonly PixelNorm _norm = plan.Attacks[0].Norm;
    private readonly ulong _seed = run.Get(SharedOptions.Seed);

    /// <summary>The norm of all attacks, in which the distances are.</summary>
    /// <exception cref="Engine.Common.InputException">They have different ones.</exception>
    internal static void Check(AttackPlan plan)
    {
        if (plan.Attacks.Select(a => a.Norm).Distinct().Count() > 1)
        {
            throw new Engine.Common.InputException(
                $"--curve: {string.Join(", ", plan.Attacks.Select(a => $"{a.Attack.Name} works in {a.Norm.Name}"))}, and a curve has one "
                + "norm; give --norm");
        }
    }

    /// <summary>The most passes for an image: each attack at each distance and at the farthest, or once where it seeks the nearest
    /// image.</summary>
    internal static long MostPasses(AttackPlan plan, int distances) =>
        plan.Attacks.Sum(a => AttackJob.Passes(a) * (a.Attack.IsMinimal ? 1 : distances + 1));

    /// <summary>Attacks all images at all distances; what was done before is not done again.</summary>
    internal CurveFile Work(InputList inputs)
    {
        IReadOnlyList<Epsilon> epsilons = AttackFlags.Ladder(run, _norm);
        Network network = model.Network;
        string settings = SettingsHash.Of(
        [
            "curve", network.Name, network.Hash, $"{_seed}", .. plan.Attacks.SelectMany(a => plan.Settings(a with { Epsilon = null })),
            .. epsilons.Select(e => e.Levels.ToString("R", CultureInfo.InvariantCulture)), .. SettingsHash.Engine(run, backend.Info),
        ]);
        string path = Path.Combine(_root, JsonName);
        CurveFile? earlier = Stored.Read(path, AttackJson.Strict.CurveFile) is { } found && found.Settings == settings ? found : null;
        var known = (earlier?.Images ?? []).DistinctBy(i => i.Settings).ToDictionary(i => i.Settings);
        var images = new List<CurveImage>();
        int reused = 0;
        bool complete = false;
        CurveFile? file = null;
        var clock = Stopwatch.StartNew();
        TimeSpan saved = default;
        try
        {
            run.Progress("curve").Run(report =>
            {
                inputs.ForEach(network, (i, input, part) =>
                {
                    report(Path.GetFileName(input.Path), i, inputs.Files.Count);
                    Subject subject = job.SubjectOf(input);
                    string own = SettingsHash.Of([input.Path, input.FileHash, $"{subject.Goal}"]);
                    reused += known.ContainsKey(own) ? 1 : 0;
                    images.Add(known.GetValueOrDefault(own) ?? Measure(subject, own, epsilons));
                    if (clock.Elapsed > saved + s_checkpoint)
                    {
                        saved = clock.Elapsed;
                        Save(Describe(complete: false));
                    }
                });
                return images.Count;
            });
            complete = true;
        }
        finally
        {
            if (images.Count > 0)
            {
                file = Describe(complete);
                Save(file);
            }
        }

        if (reused > 0)
        {
            run.Note($"{reused} of {images.Count} images of the curve were there from the same settings");
        }

        if (file is null)
        {
            throw new Engine.Common.InputException("--curve: no image could be attacked");
        }

        Write(file);
        return file;

        CurveFile Describe(bool complete)
        {
            string[] names = [.. plan.Attacks.Select(a => a.Attack.Name)];
            var fates = images.Select(i => (IReadOnlyList<ImageFate>)[.. i.Fates.Select(f => new ImageFate(
                f.BrokenClean, f.Broken, f.BrokenFar, f.HasGradient, default))]).ToArray();
            return new CurveFile
            {
                Settings = settings,
                Model = network.Name,
                ModelHash = network.Hash,
                Norm = _norm.Name,
                Surface = plan.Surface,
                Seed = _seed,
                Attacks = [.. plan.Attacks.Select(a => string.Join(
                    ' ', a.Options.Texts.Select(o => $"{o.Key} {o.Value}").Prepend(a.Attack.Name)))],
                Epsilons = [.. epsilons.Select(e => new CurveEpsilon(e.Text, e.Value, RobustnessProbe.IsOffLattice(_norm, e)))],
                Curves = [.. RobustnessCurve.Of(names, fates).Select(
                    c => new CurveLine(c.Name, RateLine.From(c.Clean)!, [.. c.Robust.Select(r => RateLine.From(r)!)]))],
                Alarms = RobustnessCurve.Alarms(names, fates, epsilons),
                Images = [.. images],
                Complete = complete,
                Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
            };
        }
    }

    /// <summary>The table that is printed: a line a curve, the last the one that counts.</summary>
    internal static TextTable Table(CurveFile file)
    {
        var table = new TextTable(["robust accuracy", "clean#", .. file.Epsilons.Select(e => $"{e.Words}#")]);
        foreach (CurveLine line in file.Curves)
        {
            table.Add([line.Attack, .. line.Robust.Prepend(line.Clean).Select(
                r => $"{100 * r.Share:0.#} % ({100 * r.Low:0}-{100 * r.High:0})")]);
        }

        return table;
    }

    /// <summary>What is said below it.</summary>
    internal static IEnumerable<string> Words(CurveFile file)
    {
        yield return $"the last line is the robust accuracy in {file.Norm} over {file.Images.Count} images: an image stands if no attack "
            + "breaks it; images that are wrong when clean count as broken; in brackets 95 % intervals";
        if (file.Epsilons.Any(e => e.OffLattice))
        {
            yield return "* no whole number of grey levels: no 8-bit image is such a change, so what counts there is the attack's claim";
        }
    }

    /// <summary>The curves as a chart.</summary>
    internal static Chart ChartOf(CurveFile file) => Chart.Lines(new LineChart(
        $"Robust accuracy of {file.Model}", $"distance in {file.Norm}, units of 0…1 pixels", "share of images that stand",
        ["0", .. file.Epsilons.Select(e => e.Words)],
        [
            .. file.Curves.Select((line, i) => new Series(line.Attack, [.. line.Robust.Prepend(line.Clean).Select(r => r.Share)])
            {
                Intervals = i + 1 < file.Curves.Count ? null : [.. line.Robust.Prepend(line.Clean).Select(r => (r.Low, r.High))],
                IsDashed = i + 1 < file.Curves.Count,
            }),
        ])
    {
        Remarks = [.. Words(file), .. file.Alarms],
        Shown = [0, 1],
    });

    private CurveImage Measure(Subject subject, string settings, IReadOnlyList<Epsilon> epsilons) => new(
        subject.Input.Path, settings, NamedClass.Of(subject.Goal.From, model.Network.Labels),
        [
            .. plan.Attacks.Select(a => RobustnessProbe.Run(
                    model, subject.Surface, a.Attack, subject.Goal, _norm, epsilons, a.Options, _seed, run.Cancel))
                .Select(f => new CurveFate(f.IsBrokenClean, f.Broken, f.BrokenFar, f.HasGradient, f.Work.Forward + f.Work.Backward)),
        ]);

    private void Save(CurveFile file) =>
        Stored.Write(Path.Combine(_root, JsonName), AttackFlags.Out.Name, file, AttackJson.Strict.CurveFile);

    private void Write(CurveFile file)
    {
        var table = new CsvTable();
        table.Add(["attack", "norm", "epsilon", "off_lattice", "robust", "images", "accuracy", "low", "high"]);
        foreach (CurveLine line in file.Curves)
        {
            Row(line, "0", false, line.Clean);
            foreach ((CurveEpsilon e, RateLine r) in file.Epsilons.Zip(line.Robust))
            {
                Row(line, CsvTable.Number(e.Value), e.OffLattice, r);
            }
        }

        Chart chart = ChartOf(file);
        Put(CsvName, s => s.Write(Encoding.UTF8.GetBytes(table.ToString())));
        Put(SvgName, s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
        Put(PngName, s => s.Write(PngChunks.Encode(chart.Png())));

        void Row(CurveLine line, string epsilon, bool off, RateLine r) => table.Add(
            [line.Attack, file.Norm, epsilon, off ? "1" : "0", $"{r.Count}", $"{r.Of}", CsvTable.Number(r.Share), CsvTable.Number(r.Low),
                CsvTable.Number(r.High)]);

        void Put(string name, Action<Stream> write) => OutputFile.Write(Path.Combine(_root, name), AttackFlags.Out.Name, write);
    }
}
