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

/// <summary>Makes the maps of one image after the other, unless that was done before, and measures them together.</summary>
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

    /// <summary>Adds the rows of one image's maps to the store.</summary>
    /// <param name="input">The image.</param>
    /// <param name="part">Its place among several inputs of one file, or null.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="report">Told of each method when its turn comes.</param>
    internal void Evaluate(
        NetworkInput input, int? part, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods, Action<string, int> report)
    {
        int? known = choice.Class switch
        {
            True => images.ClassOf(input),
            Top => null,
            _ => Network.Labels.Find(choice.Class),
        };
        string image = part is null ? input.Path : $"{input.Path}[{part}]";
        var waiting = new WaitingMaps<string>(failures, explainer, board, (map, key) => store.Add(Row(map, image, key)));
        for (int i = 0; i < methods.Count; i++)
        {
            (AttributionMethod method, OptionValues values) = methods[i];
            report(method.Name, i);
            string key = Key(input, part, method, values, known);
            if (failures.GaveUp(method.Name))
            {
                continue;
            }

            if (store.Holds(key))
            {
                waiting.Measure();
                store.Reuse(key);
                continue;
            }

            int explained = known ?? TopClass(input);
            waiting.Explain(method.Name, $"{method.Name} on {Readable.Path(image)}", alone: false, () =>
            {
                var target = new ClassTarget(explained, choice.Probability);
                AttributionRequest request = board.Prepare(
                    new AttributionRequest(explainer, input, target, values) { Seed = options.Seed, Cancel = run.Cancel });
                return (new EvidenceRequest(request, method.Explain(request)) { Boxes = images.BoxesOf(input, explained) }, key);
            });
            if (waiting.IsHeavy)
            {
                waiting.Measure();
            }
        }

        waiting.Measure();
    }

    private int TopClass(NetworkInput input)
    {
        if (!ReferenceEquals(_input, input))
        {
            float[] logits = explainer.Forward(input, [], run.Cancel).Logits();
            (_input, _topClass) = (input, Array.IndexOf(logits, logits.Max()));
        }

        return _topClass;
    }

    private EvaluationRow Row(MeasuredMap map, string image, string key)
    {
        int explained = map.Request.Question.Target.Class!.Value;
        return new EvaluationRow(
            image,
            map.Request.Map.Method.Name,
            BaselineMaps.All.Contains(map.Request.Map.Method),
            explained,
            Network.Labels[explained],
            TopClass(map.Request.Input),
            map.Request.Map.Probability,
            map.Values,
            map.Verdicts,
            key,
            map.Evidence.Passes);
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
