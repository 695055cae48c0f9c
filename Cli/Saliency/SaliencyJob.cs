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

/// <summary>What <c>saliency</c> does with every picture: explains it with each method, unless that result is there already, and has it written.</summary>
internal sealed class SaliencyJob(
    Invocation run, Explainer explainer, TargetChoice choice, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods, SaliencyWriter writer, EvidencePlan? evidence)
{
    private const int TopClasses = 5;
    private readonly ulong _seed = run.Get(SharedOptions.Seed);

    private CostEstimate? _cost;

    /// <summary>The results so far, in order. Complete when the queue is empty.</summary>
    internal List<SaliencyLine> Done { get; } = [];

    /// <summary>How many of them were there before.</summary>
    internal int Reused { get; private set; }

    /// <summary>About what a picture of this one's size will cost.</summary>
    internal CostEstimate CostOf(NetworkInput input) => CostEstimate.Of([.. methods.Select(m => (m.Method, Request(input, choice.For(-1), m.Options, null)))], evidence?.Board);

    /// <summary>Explains one picture.</summary>
    /// <param name="input">The picture.</param>
    /// <param name="part">Its place among several inputs of one file, or null.</param>
    /// <param name="queue">Takes what is to be written.</param>
    /// <param name="report">Told each method's name and how many passes of the picture are done.</param>
    internal void Explain(NetworkInput input, int? part, WriteQueue queue, Action<string, double> report)
    {
        _cost ??= CostOf(input);
        string folder = writer.FolderOf(input, part);
        if (Path.GetFileName(folder) is var name && part is null && name != Path.GetFileNameWithoutExtension(input.Path))
        {
            run.Note($"{input.Path}: an earlier image has the same name, so the results are in {Readable.Path(folder)}");
        }

        Answer? answer = null;
        double at = 0;
        foreach (((AttributionMethod method, OptionValues options), MethodCost cost) in methods.Zip(_cost.Methods))
        {
            run.Cancel.ThrowIfCancellationRequested();
            double start = at;
            at += cost.All;
            report(method.Name, start);
            string settings = SettingsOf(input, part, method, options);
            if (SaliencyWriter.Existing(folder, input.Path, method, settings) is { } line)
            {
                Reused++;
                queue.Add(() => Done.Add(line));
                continue;
            }

            var clock = Stopwatch.StartNew();
            if (answer is null)
            {
                answer = Ask(input);
                queue.Add(() => SaliencyWriter.WriteInput(folder, input));
            }

            AttributionRequest request = Request(input, answer.Target, options, share => report(method.Name, start + (share * cost.Map)));
            AttributionResult result = method.Explain(request);
            Manifest manifest = ManifestOf(request, result, answer.Top, settings, clock.Elapsed);
            if (evidence is not null)
            {
                report($"evidence of {method.Name}", start + cost.Map);
                MapEvidence found = evidence.Board.Measure(request with { Progress = null }, result);
                manifest = manifest with
                {
                    Evidence = found.Findings.SelectMany(f => f.Metric.Columns.Zip(f.Values)).ToDictionary(c => c.First.Name, c => c.Second),
                    Verdicts = found.Verdicts.ToDictionary(v => v.Name, v => v.Text),
                };
            }

            queue.Add(() => Done.Add(writer.Write(folder, input, result, manifest)));
        }
    }

    private Answer Ask(NetworkInput input)
    {
        Network network = explainer.Network;
        float[] logits = explainer.Forward(input, [], run.Cancel).Logits();
        IReadOnlyList<Prediction> top = Prediction.Top(logits, network.Labels, network.OutputActivation, TopClasses);
        return new Answer(choice.For(top[0].Class), top);
    }

    private AttributionRequest Request(NetworkInput input, Target target, OptionValues options, Action<double>? progress) =>
        new(explainer, input, target, options) { Seed = _seed, Cancel = run.Cancel, Progress = progress };

    private string SettingsOf(NetworkInput input, int? part, AttributionMethod method, OptionValues options) => SettingsHash.Of(
    [
        explainer.Network.Name, explainer.Network.Hash, input.Path, $"{part}", input.FileHash, choice.ToString(), method.Name, .. options.Texts.Select(o => $"{o.Key} {o.Value}"),
        .. PictureFlags.Values(writer.Pictures, method.KindWith(options)).Select(o => $"{o.Key} {o.Value}"), $"{_seed}", explainer.Backend.Info.ToString(),
        run.Get(SharedOptions.Convolution), run.Get(SharedOptions.Memory),
        .. evidence?.Settings ?? [],
    ]);

    private Manifest ManifestOf(AttributionRequest request, AttributionResult result, IReadOnlyList<Prediction> top, string settings, TimeSpan time)
    {
        int c = request.Target.Class ?? top[0].Class;
        BackendInfo backend = explainer.Backend.Info;
        return new Manifest
        {
            Settings = settings,
            Model = explainer.Network.Name,
            ModelHash = explainer.Network.Hash,
            Image = request.Input.Path,
            ImageHash = request.Input.FileHash,
            Class = c,
            Label = explainer.Network.Labels[c],
            TopClass = top[0].Class,
            TopLabel = top[0].Label,
            Top = [.. top.Select(p => new PredictedClass(p.Class, p.Label, p.Logit, p.Probability))],
            Activation = explainer.Network.OutputActivation.Name,
            Logit = result.Logit,
            Probability = result.Probability,
            Target = request.Target.Quantity,
            TargetDescription = request.Target.Description,
            Against = choice.Against,
            AgainstLabel = choice.Against is { } against ? explainer.Network.Labels[against] : null,
            Score = result.Score,
            Method = result.Method.Name,
            Options = new Dictionary<string, object>([.. result.Options.Values, .. PictureFlags.Values(writer.Pictures, result.Kind)]),
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
            Diagnosis = [.. result.Diagnosis.Select(OptionWords.OnCommandLine)],
            Files = [],
            Remarks = [],
        };
    }

    /// <param name="Target">What is explained of a picture.</param>
    /// <param name="Top">Its first classes.</param>
    private sealed record Answer(Target Target, IReadOnlyList<Prediction> Top);
}
