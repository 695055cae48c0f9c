using System.Diagnostics;
using Interp.Cli.Evaluation;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Cli.Saliency;

/// <summary>What <c>saliency</c> does with every image: explains it with each method, unless that result is there already, and has it
/// written.</summary>
internal sealed class SaliencyJob(
    Invocation run, Explainer explainer, TargetChoice choice, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods,
    SaliencyWriter writer, EvidencePlan? evidence, Failures failures)
{
    private const int TopClasses = 5;
    private readonly ulong _seed = run.Get(SharedOptions.Seed);

    private CostEstimate? _cost;

    /// <summary>The results so far, in order. Complete when the queue is empty.</summary>
    internal List<SaliencyLine> Done { get; } = [];

    /// <summary>How many of them were there before.</summary>
    internal int Reused { get; private set; }

    /// <summary>About what an image of this one's size will cost.</summary>
    internal CostEstimate CostOf(NetworkInput input) =>
        CostEstimate.Of([.. methods.Select(m => (m.Method, Request(input, choice.For(-1), m.Options, null)))], evidence?.Board);

    /// <summary>Explains one image.</summary>
    /// <param name="input">The image.</param>
    /// <param name="part">Its place among several inputs of one file, or null.</param>
    /// <param name="alone">Whether it is the only image.</param>
    /// <param name="queue">Takes what is to be written.</param>
    /// <param name="report">Told each method's name and how many passes of the image are done.</param>
    internal void Explain(NetworkInput input, int? part, bool alone, WriteQueue queue, Action<string, double> report)
    {
        _cost ??= CostOf(input);
        ImageFolder folder = writer.FolderOf(input, part);
        if (part is null && folder.Name != Path.GetFileNameWithoutExtension(input.Path))
        {
            string reason = folder.Name == OutputNames.Wanted(input.Path) ? "its name cannot be a folder's"
                : "an earlier image has the same name";
            run.Note($"{input.Path}: {reason}, so the results are in {Readable.Path(folder.Path)}");
        }

        Answer? answer = null;
        double at = 0, measured = 0;
        var waiting = evidence is null ? null : new WaitingMaps<(Manifest Manifest, string Piece, bool Alone)>(
            failures, explainer, evidence.Board, (map, known) => Queue(
                queue, folder, input, map.Request.Map, WithEvidence(known.Manifest, map), known.Piece, known.Alone));
        foreach (((AttributionMethod method, OptionValues options), MethodCost cost) in methods.Zip(_cost.Methods))
        {
            run.Cancel.ThrowIfCancellationRequested();
            double start = at;
            at += cost.Map;
            measured += cost.Evidence;
            if (failures.GaveUp(method.Name))
            {
                continue;
            }

            report(method.Name, start);
            string settings = SettingsOf(input, part, method, options);
            if (folder.Existing(method, options, settings) is { } line)
            {
                Measure();
                Reused++;
                queue.Add(() => Keep(folder, line));
                continue;
            }

            answer ??= Ask(input);
            string piece = $"{method.Name} on {Readable.PathAndPart(input.Path, part)}";
            bool isAlone = alone && methods.Count == 1;
            (AttributionRequest Request, AttributionResult Result, Manifest Manifest) Made()
            {
                AttributionRequest request = Request(
                    input, answer.Target, options, share => report(method.Name, start + (share * cost.Map)));
                var clock = Stopwatch.StartNew();
                request = evidence?.Board.Prepare(request) ?? request;
                AttributionResult result = method.Explain(request);
                return (request, result, ManifestOf(request, result, answer.Top, settings, clock.Elapsed) with { Part = part });
            }

            if (waiting is not null)
            {
                waiting.Explain(method.Name, piece, isAlone, () =>
                {
                    (AttributionRequest request, AttributionResult result, Manifest manifest) = Made();
                    return (new EvidenceRequest(request with { Progress = null }, result), (manifest, piece, isAlone));
                });
                if (waiting.IsHeavy)
                {
                    Measure();
                }
            }
            else if (!failures.Try(method.Name, piece, isAlone, () =>
            {
                (_, AttributionResult result, Manifest manifest) = Made();
                Queue(queue, folder, input, result, manifest, piece, isAlone);
            }))
            {
                explainer.Release();
            }
        }

        Measure();
        queue.Add(() => Check(folder, input));

        void Measure()
        {
            if (waiting?.Count > 0)
            {
                report($"evidence of {(waiting.Count == 1 ? "a map" : $"{waiting.Count} maps")}", at);
                waiting.Measure();
            }

            (at, measured) = (at + measured, 0);
        }
    }

    private static Manifest WithEvidence(Manifest manifest, MeasuredMap map) => manifest with
    {
        Evidence = map.Values,
        EvidencePasses = map.Evidence.Passes,
        Verdicts = map.Verdicts,
    };

    private void Queue(
        WriteQueue queue, ImageFolder folder, NetworkInput input, AttributionResult result, Manifest manifest, string piece, bool alone) =>
        queue.Add(() => failures.Try(manifest.Method, piece, alone, () => Write(folder, input, result, manifest)));

    /// <summary>Leaves out what another run has replaced in the meantime, so that no report shows it.</summary>
    internal void CheckAll()
    {
        foreach (SaliencyLine line in Done.Where(l => !ImageFolder.Holds(l)).DistinctBy(l => l.Name).ToArray())
        {
            Lose(Path.GetDirectoryName(line.Folder)!, line.Image);
        }
    }

    private void Keep(ImageFolder folder, SaliencyLine line)
    {
        Claim(folder, line.Manifest);
        Done.Add(line);
    }

    private void Write(ImageFolder folder, NetworkInput input, AttributionResult result, Manifest manifest)
    {
        Claim(folder, manifest);
        if (writer.Write(folder, input, result, manifest) is { } line)
        {
            Done.Add(line);
        }
    }

    private void Claim(ImageFolder folder, Manifest manifest)
    {
        if (folder.Claim(manifest) is { } removed)
        {
            run.Note(removed);
        }
    }

    /// <summary>Tells of a folder that another run has claimed at the same time, whose results are not this run's any more.</summary>
    private void Check(ImageFolder folder, NetworkInput input)
    {
        if (folder.IsLost)
        {
            Lose(folder.Path, input.Path);
        }
    }

    private void Lose(string folder, string image)
    {
        Done.RemoveAll(l => Path.GetDirectoryName(l.Folder) == folder);
        failures.Report(folder, Readable.Path(image), ResultFiles.Disturbed(folder));
    }

    private Answer Ask(NetworkInput input)
    {
        Network network = explainer.Network;
        if (network.Classes == 0)
        {
            return new Answer(choice.For(-1), []);
        }

        IReadOnlyList<Prediction> top = explainer.Predict(input, TopClasses, run.Cancel);
        return new Answer(choice.For(top[0].Class), top);
    }

    private AttributionRequest Request(NetworkInput input, Target target, OptionValues options, Action<double>? progress) =>
        new(explainer, input, target, options) { Seed = _seed, Cancel = run.Cancel, Progress = progress };

    private string SettingsOf(NetworkInput input, int? part, AttributionMethod method, OptionValues options) => SettingsHash.Of(
    [
        explainer.Network.Name, explainer.Network.Hash, input.Path, $"{part}", input.FileHash, choice.ToString(), method.Name,
        .. options.Texts.Select(o => $"{o.Key} {o.Value}"),
        .. ImageFlags.Values(writer.Images, method.KindWith(options)).Select(o => $"{o.Key} {o.Value}"), $"{_seed}",
        .. SettingsHash.Engine(run, explainer.Backend.Info), .. evidence?.Settings ?? [],
    ]);

    private Manifest ManifestOf(AttributionRequest request, AttributionResult result, IReadOnlyList<Prediction> top, string settings,
        TimeSpan time)
    {
        Prediction? first = top.Count > 0 ? top[0] : null;
        int? c = request.Target.Class ?? first?.Class;
        BackendInfo backend = explainer.Backend.Info;
        return new Manifest
        {
            Settings = settings,
            Model = explainer.Network.Name,
            ModelHash = explainer.Network.Hash,
            Image = request.Input.Path,
            ImageHash = request.Input.FileHash,
            Class = c,
            Label = c is { } known ? explainer.Network.Labels[known] : null,
            TopClass = first?.Class,
            TopLabel = first?.Label,
            Top = [.. top.Select(PredictedClass.Of)],
            Activation = Readable.Activation(explainer.Network),
            Logit = c is null ? null : result.Logit,
            Probability = c is null ? null : result.Probability,
            Target = request.Target.Quantity,
            TargetDescription = request.Target.Description,
            Against = choice.Against,
            AgainstLabel = choice.Against is { } against ? explainer.Network.Labels[against] : null,
            Score = result.Score,
            Method = result.Method.Name,
            Options = new Dictionary<string, object>([.. result.Options.Values, .. ImageFlags.Values(writer.Images, result.Kind)]),
            Seed = _seed,
            Threads = backend.Threads,
            Backend = backend.Name,
            InstructionSet = backend.InstructionSet,
            Convolution = run.Get(SharedOptions.Convolution),
            Memory = run.Get(SharedOptions.Memory),
            Shape = result.Shape.Dims,
            RawMin = result.Minimum,
            RawMax = result.Maximum,
            Facts = result.Facts.ToDictionary(f => f.Name, f => f.Value),
            ForwardPasses = result.Work.Forward,
            BackwardPasses = result.Work.Backward,
            TimeMs = Math.Round(time.TotalMilliseconds, 3),
            BytesToDevice = result.Traffic == default ? null : result.Traffic.ToDevice,
            BytesFromDevice = result.Traffic == default ? null : result.Traffic.FromDevice,
            Diagnosis = [.. result.Diagnosis.Select(OptionWords.OnCommandLine)],
            Files = [],
            Remarks = [],
        };
    }

    /// <param name="Target">What is explained of an image.</param>
    /// <param name="Top">Its first classes.</param>
    private sealed record Answer(Target Target, IReadOnlyList<Prediction> Top);
}
