using Interp.Cli.Visualization;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Cli.Site;

/// <summary>
/// The optimised images of a layer's units, or of classes: several at once, and for units nothing is computed behind their layer, on images
/// of their own size. What is there from the same settings is not made again.
/// </summary>
internal sealed class SiteImages : IDisposable
{
    private readonly Invocation _run;
    private readonly Node? _layer;
    private readonly Network _network;
    private readonly Visualizer _visualizer;
    private readonly VisualizeJob _job;
    private readonly VisualizationOptions _options;
    private readonly int _batch;

    /// <param name="run">The command's run.</param>
    /// <param name="plan">The site.</param>
    /// <param name="backend">Where the network runs.</param>
    /// <param name="layer">The layer; null for classes.</param>
    internal SiteImages(Invocation run, SitePlan plan, IBackend backend, Node? layer)
    {
        (_run, _layer, _network, _batch) = (run, layer, plan.Network, MemoryFlags.Read(run).Batch);
        (_visualizer, string part, int size) = Open(run, plan, backend, layer);
        _options = new VisualizationOptions { Steps = plan.Steps, Size = size, Seed = run.Get(SharedOptions.Seed) };
        _job = new VisualizeJob(
            run, _visualizer, backend, new VisualizePlan(_options, [], 1, [("steps", plan.Steps), ("size", size), ("part", part)]),
            plan.Results);
    }

    /// <summary>A unit's image, or that of its negative, from the same settings; null where there is none.</summary>
    internal VisualizeLine? OfUnit(int channel, bool negative) => _job.Existing(Target(channel, negative));

    /// <summary>A class's image.</summary>
    internal VisualizeLine? OfClass(int c) => _job.Existing(VisualizeTargetFlags.OfClass(_network, c, false, false));

    /// <summary>Both of a layer's channels.</summary>
    internal IEnumerable<VisualizeTarget> Units(IEnumerable<int> channels) =>
        channels.SelectMany(k => (VisualizeTarget[])[Target(k, false), Target(k, true)]);

    internal IEnumerable<VisualizeTarget> Classes(IEnumerable<int> classes) =>
        classes.Select(c => VisualizeTargetFlags.OfClass(_network, c, false, false));

    /// <summary>Those that are not there.</summary>
    internal VisualizeTarget[] Missing(IEnumerable<VisualizeTarget> targets) => [.. targets.Where(t => _job.Existing(t) is null)];

    /// <summary>Seconds of one step of one of a batch.</summary>
    internal double StepSeconds(VisualizeTarget[] targets)
    {
        VisualizeTarget[] batch = [.. targets.Take(_batch)];
        var plan = new VisualizePlan(_options, [], 1, []);
        long[] times = new long[3];
        _visualizer.Run(
            new Engine.Visualization.Objectives.Algebra.EachObjective([.. batch.Select(t => t.Objective(plan))]),
            _options with { Steps = times.Length, Count = batch.Length, Alike = true },
            (point, _, _) => times[point.Index] = System.Diagnostics.Stopwatch.GetTimestamp(), _run.Cancel);
        _run.Cancel.ThrowIfCancellationRequested();
        return System.Diagnostics.Stopwatch.GetElapsedTime(times[0], times[^1]).TotalSeconds / (times.Length - 1) / batch.Length;
    }

    /// <summary>Makes what is missing.</summary>
    internal void Make(VisualizeTarget[] missing, string title)
    {
        int steps = _options.Steps;
        _run.Progress(title).Run(report =>
        {
            int done = 0;
            foreach (VisualizeTarget[] batch in missing.Chunk(_batch))
            {
                string what = $"{batch[0].Name}{(batch.Length > 1 ? $" to {batch[^1].Name}" : "")}";
                _job.MakeTogether(batch, step =>
                    report(what, ((long)done * steps) + ((long)step * batch.Length), (long)missing.Length * steps));
                done += batch.Length;
            }

            return done;
        });
    }

    public void Dispose() => _visualizer.Dispose();

    /// <summary>The layer's part on images of the wanted size where it can be run on them, else on the network's own.</summary>
    private static (Visualizer, string, int) Open(Invocation run, SitePlan plan, IBackend backend, Node? layer)
    {
        if (layer is null)
        {
            return (new Visualizer(plan.Network, backend), "", 0);
        }

        try
        {
            return (new Visualizer(plan.Network, backend, layer, plan.Size), layer.Name, plan.Size);
        }
        catch (ModelException)
        {
            run.Note($"{layer.Name} cannot be run on images of {plan.Size} pixels: its units' images have the network's own size");
            return (new Visualizer(plan.Network, backend, layer, 0), layer.Name, 0);
        }
    }

    /// <summary>Where a unit is suppressed: before a ReLU, behind which nothing is below 0.</summary>
    internal static Node Suppressed(Network network, Node layer) => layer.Layer is ReLU ? network.Nodes[layer.Inputs[0]] : layer;

    private VisualizeTarget Target(int channel, bool negative)
    {
        Node node = negative && Suppressed(_network, _layer!) is { Id: > 0 } before ? before : _layer!;
        return VisualizeTargetFlags.OfChannel(_network, node, channel, negative) with
        {
            Unit = new ChannelObjective(_visualizer.NodeOf(node), channel),
        };
    }
}
