using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>What an attack changes in the maps of both classes, in the units of a layer and from layer to layer.</summary>
/// <param name="run">The command's run.</param>
/// <param name="explainer">The network.</param>
/// <param name="plan">The methods and the layer.</param>
internal sealed class AttackExplanation(Invocation run, Explainer explainer, AttackPlan plan)
{
    private const int UnitsShown = 20;

    private readonly UnitLabels? _labels = plan.Layer is null ? null
        : UnitLabels.Find(run.Get(AttackFlags.Out), explainer.Network, plan.Layer, run.Note);

    /// <summary>What it depends on beside the plan.</summary>
    internal IEnumerable<string> Settings => _labels is null ? [] : [$"labels {_labels.Digest}"];

    /// <summary>Adds to the manifest what is asked for.</summary>
    /// <param name="subject">The image.</param>
    /// <param name="saved">The saved adversarial image.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="add">Writes a file.</param>
    internal AttackManifest Explain(Subject subject, NetworkInput saved, AttackManifest manifest, Action<string, Action<Stream>> add)
    {
        NetworkInput clean = subject.Input;
        if (plan.Layer is { } layer)
        {
            Node[] layers = [.. explainer.Network.Nodes.Where(n => n.Id > 0 && Counts(n))];
            manifest = manifest with
            {
                UnitLayer = layer.Name,
                Units = [.. ActivationChange.Units(explainer, layer, clean, saved, run.Cancel).Take(UnitsShown)
                    .Select(u => new MovedUnit(u.Channel, u.Before, u.After, _labels?.Of(u.Channel)?.Words))],
                Layers = [.. layers.Zip(ActivationChange.Shares(explainer, layers, clean, saved, run.Cancel))
                    .Select(p => new LayerShare(p.First.Name, p.Second))],
            };
        }

        var maps = new List<MapLine>();
        int becomes = subject.Goal.Target ?? manifest.After[0].Class;
        foreach (AttributionMethod method in plan.Explainers)
        {
            foreach (int c in new[] { subject.Goal.From, becomes }.Distinct())
            {
                maps.Add(Map(method, c, clean, saved, add));
            }
        }

        return manifest with { Maps = maps };
    }

    /// <summary>Layers whose values have a size of their own: not what only moves, drops or scales them.</summary>
    private static bool Counts(Node node) =>
        node.Layer is Engine.Layers.ReLU or Engine.Layers.Activation or Engine.Layers.Conv2d or Engine.Layers.Linear;

    private MapLine Map(AttributionMethod method, int c, NetworkInput clean, NetworkInput saved, Action<string, Action<Stream>> add)
    {
        AttributionResult before = Explained(clean), after = Explained(saved);
        string name = $"maps/{method.Name}-class-{c}";
        Write($"{name}-before.png", before, clean);
        Write($"{name}-after.png", after, saved);
        MapChange change = MapChange.Of(before, after);
        return new MapLine(
            method.Name, NamedClass.Of(c, explainer.Network.Labels), $"{name}-before.png", $"{name}-after.png", change.Spearman,
            change.Ssim);

        AttributionResult Explained(NetworkInput input) => method.Explain(
            new AttributionRequest(explainer, input, new ClassTarget(c), method.Configure())
            {
                Seed = run.Get(SharedOptions.Seed),
                Cancel = run.Cancel,
            });

        void Write(string file, AttributionResult result, NetworkInput input) =>
            add(file, s => s.Write(PngChunks.Encode(AttributionImages.Render(result, input, "overlay"))));
    }
}
