using System.Diagnostics;
using System.Globalization;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Adversarial;

/// <summary>One change that misleads a network on most images of a folder: <c>OUT/universal/</c>.</summary>
/// <param name="run">The command's run.</param>
/// <param name="model">The network.</param>
/// <param name="backend">Where it runs.</param>
internal sealed class UniversalJob(Invocation run, AttackedModel model, IBackend backend)
{
    private const string Perturbation = "perturbation.npy", Image = "delta.png", Curve = "curve.csv";

    private readonly ResultFolder<UniversalManifest> _folder = new(
        Path.Combine(run.Get(AttackFlags.Out), AttackFlags.Universal), UniversalJson.Strict.UniversalManifest);

    /// <summary>Trains it, unless that was done before.</summary>
    internal UniversalManifest Work(InputList inputs)
    {
        Network network = model.Network;
        UniversalOptions options = AttackFlags.UniversalOptionsOf(run, network);
        var images = new List<NetworkInput>();
        inputs.ForEach(network, (i, input, part) =>
        {
            if (input.FileSize is not null)
            {
                images.Add(input with { Tensor = [] });
            }
        });
        string settings = SettingsHash.Of(
        [
            "universal", network.Name, network.Hash, options.ToString(), .. images.Select(i => i.FileHash),
            .. SettingsHash.Engine(run, backend.Info),
        ]);
        if (_folder.Existing(settings) is { } existing)
        {
            run.Note("all of it was there from the same settings");
            return existing;
        }

        OutputFile.CreateFolder(_folder.Path, AttackFlags.Out.Name);
        var clock = Stopwatch.StartNew();
        const int Parts = 1000;
        UniversalPerturbation found = run.Progress("universal").Run(report => UniversalPerturbation.Train(
            model, [.. images.Select(i => i.Image)], options, share => report($"{images.Count} images", (long)(Parts * share), Parts),
            run.Cancel));
        _folder.Begin(settings);
        return Write(found, options, settings, clock.Elapsed);
    }

    /// <summary>The table that is printed.</summary>
    internal static TextTable Table(UniversalManifest m)
    {
        var table = new TextTable("universal", "within", "misled");
        table.Add("images trained on", $"linf {m.Epsilon}", m.Trained?.Words ?? "no image");
        table.Add("images held out", "", m.HeldOut?.Words ?? "no image");
        table.Add("held out, random signs", "", m.Noise?.Words ?? "no image");
        return table;
    }

    private UniversalManifest Write(UniversalPerturbation found, UniversalOptions options, string settings, TimeSpan time)
    {
        int plane = found.Height * found.Width;
        float[] levels = found.Levels.Length == plane ? [.. found.Levels, .. found.Levels, .. found.Levels] : found.Levels;
        var grey = new RgbImage(found.Width, found.Height, [.. Enumerable.Repeat((byte)127, 3 * plane)]);
        var changed = new RgbImage(found.Width, found.Height,
            [.. Enumerable.Range(0, 3 * plane).Select(i => (byte)Math.Clamp(127 + levels[((i % 3) * plane) + (i / 3)], 0, 255))]);
        (RgbImage shown, double factor) = DifferenceImage.Of(grey, changed);
        var table = new CsvTable();
        table.Add(["epoch", "misled_as_passed"]);
        for (int e = 0; e < found.Epochs.Count; e++)
        {
            table.Add([(e + 1).ToString(CultureInfo.InvariantCulture), CsvTable.Number(found.Epochs[e])]);
        }

        _folder.Add(Perturbation, s => Npy.Write(s, new Shape(3, found.Height, found.Width), [.. levels.Select(v => v / 255)]));
        _folder.Add(Image, s => s.Write(PngChunks.Encode(shown)));
        _folder.Add(Curve, s => s.Write(Encoding.UTF8.GetBytes(table.ToString())));
        string[] files = [Perturbation, Image, Curve];
        var manifest = new UniversalManifest
        {
            Settings = settings,
            Model = model.Network.Name,
            ModelHash = model.Network.Hash,
            Method = AttackFlags.Universal,
            Epsilon = options.Epsilon.Text,
            EpsilonValue = options.Epsilon.Value,
            Target = options.Target is { } t ? NamedClass.Of(t, model.Network.Labels) : null,
            Epochs = options.Epochs,
            Seed = options.Seed,
            Trained = RateLine.From(found.Trained.Deceived, found.Trained.Of),
            HeldOut = RateLine.From(found.HeldOut.Deceived, found.HeldOut.Of),
            Noise = RateLine.From(found.Noise.Deceived, found.Noise.Of),
            DifferenceFactor = factor,
            Threads = backend.Info.Threads,
            Backend = backend.Info.Name,
            InstructionSet = backend.Info.InstructionSet,
            Seconds = Math.Round(time.TotalSeconds, 1),
            Files = files,
            Sha256 = _folder.SumsOf(files),
        };
        _folder.Settle(manifest);
        return manifest;
    }
}
