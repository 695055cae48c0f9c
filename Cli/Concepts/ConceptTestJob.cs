using System.Diagnostics;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Cli.Concepts;

/// <summary>What <c>concepts test</c> does for a layer: the test, and a folder of its results.</summary>
/// <param name="run">The command's run.</param>
/// <param name="explainer">The network, and where it runs.</param>
/// <param name="layer">The layer.</param>
/// <param name="sources">The images.</param>
/// <param name="path">The folder.</param>
internal sealed class ConceptTestJob(Invocation run, Explainer explainer, Node layer, ConceptSources sources, string path)
{
    private readonly ConceptTestOptions _options = ConceptTestFlags.Read(run, sources.Random is null);
    private readonly ResultFolder<ConceptTestManifest> _folder = new(path, ConceptTestJson.Strict.ConceptTestManifest);

    private Network Network => explainer.Network;

    /// <summary>Tests, unless it was done before, and gives what was found.</summary>
    internal ConceptTestManifest Work()
    {
        string settings = Settings();
        if (_folder.Existing(settings) is { } existing)
        {
            run.Note($"{Readable.Path(path)}: all of it was there from the same settings");
            return existing;
        }

        OutputFile.CreateFolder(path, ConceptTestFlags.Out.Name);
        var clock = Stopwatch.StartNew();
        int skipped = 0;
        ConceptTestResult result = run.Progress($"{layer.Name},").Run(report => ConceptTest.Run(
            explainer, layer, sources.Classes, sources.Concepts, sources.Random, _options,
            p =>
            {
                lock (_folder)
                {
                    report(p.Stage, p.Done, p.Total);
                }
            },
            (image, problem) =>
            {
                skipped++;
                run.Fail(
                    problem, problem.Message.StartsWith(image, StringComparison.Ordinal) ? null : Readable.Path(image), "the others go on");
            },
            run.Cancel));
        ConceptTestManifest manifest = ConceptTestManifest.Of(
            run, Network, explainer.Backend.Info, result, _options, sources, settings, skipped, clock.Elapsed);
        if (_folder.Begin(settings) is { } other)
        {
            run.Note($"{Readable.Path(path)} held another test, of {other.Layer} of {other.Model}: it is replaced; another "
                + $"{ConceptTestFlags.Out.Name} keeps both");
        }

        return Write(result, manifest);
    }

    private ConceptTestManifest Write(ConceptTestResult result, ConceptTestManifest manifest)
    {
        var files = new List<string>();
        Add("concepts.csv", Text(ConceptTables.Concepts(result)));
        Add("scores.csv", Text(ConceptTables.Scores(result, _options.Runs)));
        Add("images.csv", Text(ConceptTables.Images(result)));
        Add("cavs.npy", s => Npy.Write(
            s, new Shape(result.Concepts.Length, result.Features), [.. result.Concepts.SelectMany(c => c.Values)]));
        var names = new OutputNames();
        foreach (ConceptVector concept in result.Concepts)
        {
            Add($"cavs/{names.Take($"{concept.Concept}.npy", null)}.npy",
                s => Npy.Write(s, new Shape(concept.Channels.Length), concept.Channels));
        }

        var images = new ConceptImages(run, explainer, layer, result, sources, manifest, Add);
        images.Write();
        Add(ConceptPage.Name, new ConceptPage(manifest, images).Write);
        manifest = manifest with { Files = files, Sha256 = _folder.SumsOf(files) };
        _folder.Settle(manifest);
        return manifest;

        void Add(string file, Action<Stream> write)
        {
            run.Cancel.ThrowIfCancellationRequested();
            OutputFile.CreateFolder(Path.GetDirectoryName(Path.Combine(path, file))!, ConceptTestFlags.Out.Name);
            _folder.Add(file, write);
            files.Add(file);
        }

        static Action<Stream> Text(string text) => s => s.Write(Encoding.UTF8.GetBytes(text));
    }

    private string Settings() => SettingsHash.Of(
    [
        "concepts test", Network.Name, Network.Hash, layer.Name, _options.Vector.Name, $"{_options.Alpha:R}", _options.Pool.Name,
        $"{_options.Runs} {_options.RandomConcepts} {_options.SetSize} {_options.Relative} {_options.Statistic} {_options.Probability}",
        $"{_options.Seed}", .. SettingsHash.Engine(run, explainer.Backend.Info),
        .. sources.Classes.Select(c => $"class {c.Class}"),
        .. sources.Classes.Select(c => c.Photos).Concat(sources.Concepts).Append(sources.Random).OfType<ImageSet>()
            .SelectMany(s => s.Images.Select(i => s.IsGenerated ? i : SettingsHash.OfFile(i)).Prepend($"set {s.Name}")),
        .. (run.Get(ConceptTestFlags.Map) ?? []).Select(m => $"map {SettingsHash.OfFile(m)}"),
    ]);
}
