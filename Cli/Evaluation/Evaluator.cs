using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Evaluation;

/// <summary>Which class is explained.</summary>
/// <param name="Class"><c>true</c>, <c>top</c>, an id or a label.</param>
/// <param name="Probability">Whether its probability is explained rather than its logit.</param>
internal sealed record ClassChoice(string Class, bool Probability)
{
    internal bool IsPerImage => Class is Evaluator.True or Evaluator.Top;
}

/// <summary>Makes one map after the other and measures it, unless that was done before.</summary>
internal sealed class Evaluator(
    Invocation run, Explainer explainer, EvidenceBoard board, EvidenceOptions options, LabelledImages images, ClassChoice choice,
    EvaluationStore store, Failures failures)
{
    internal const string True = "true";
    internal const string Top = "top";

    private readonly Dictionary<string, string> _settings = new(
        [.. EvidenceFlags.Values(board.Metrics, options), new("class", choice.Class),
        new("target", choice.Probability ? "probability" : "logit"),
            new("activation", explainer.Network.OutputActivation.Name),
            .. images.Values, .. SettingsHash.EngineValues(run, explainer.Backend.Info)]);

    private NetworkInput? _input;
    private int _topClass;

    private Network Network => explainer.Network;

    /// <summary>What the results were made with.</summary>
    internal EvaluationFile Describe() =>
        new() { Model = Network.Name, ModelHash = Network.Hash, Settings = _settings, Methods = [], Rows = [] };

    /// <summary>Adds the row of one map to the store.</summary>
    internal void Evaluate(NetworkInput input, int? part, AttributionMethod method, OptionValues values)
    {
        if (failures.GaveUp(method.Name))
        {
            return;
        }

        int? known = choice.Class switch
        {
            True => images.ClassOf(input),
            Top => null,
            _ => Network.Labels.Find(choice.Class),
        };
        string key = Key(input, part, method, values, known);
        if (store.TryReuse(key))
        {
            return;
        }

        if (!ReferenceEquals(_input, input))
        {
            float[] logits = explainer.Forward(input, [], run.Cancel).Logits();
            (_input, _topClass) = (input, Array.IndexOf(logits, logits.Max()));
        }

        string image = part is null ? input.Path : $"{input.Path}[{part}]";
        string piece = $"{method.Name} on {Readable.Path(image)}";
        int explained = known ?? _topClass;
        if (!failures.Try(method.Name, piece, alone: false, () => store.Add(Measure(input, image, method, values, explained, key))))
        {
            explainer.Release();
        }
    }

    private EvaluationRow Measure(NetworkInput input, string image, AttributionMethod method, OptionValues values, int explained,
        string key)
    {
        var target = new ClassTarget(explained, choice.Probability);
        var request = new AttributionRequest(explainer, input, target, values) { Seed = options.Seed, Cancel = run.Cancel };
        AttributionResult map = method.Explain(request);
        MapEvidence evidence = board.Measure(request, map, images.BoxesOf(input, target.Id));
        return new EvaluationRow(
            image,
            method.Name,
            BaselineMaps.All.Contains(method),
            target.Id,
            Network.Labels[target.Id],
            _topClass,
            map.Probability,
            evidence.Findings.SelectMany(f => f.Metric.Columns.Zip(f.Values)).ToDictionary(c => c.First.Name, c => c.Second),
            evidence.Verdicts.ToDictionary(v => v.Name, v => v.Text),
            key);
    }

    private string Key(NetworkInput input, int? part, AttributionMethod method, OptionValues values, int? known)
    {
        return SettingsHash.Of(
        [
            Network.Hash, Network.Name, input.FileHash, $"{part}", input.Path, $"{known}", method.Name,
            .. values.Texts.Select(t => $"{t.Key}={t.Value}"),
            .. _settings.Select(s => $"{s.Key}={s.Value}"),
        ]);
    }
}
