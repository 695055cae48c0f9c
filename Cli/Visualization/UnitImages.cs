using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Visualization;

namespace Interp.Cli.Visualization;

/// <summary>The images that excite and suppress a channel, for its page.</summary>
internal static class UnitImages
{
    /// <summary>The image of a unit that stands in a folder: whole, and made for this very model; null if there is none.</summary>
    internal static UnitImage? Find(string root, Network network, VisualizeTarget target) =>
        VisualizeJob.FolderOf(root, target) is var folder && folder.Found() is { } manifest
            && manifest.ModelHash == network.Hash && folder.IsWhole(manifest)
            ? new UnitImage(
                Path.Combine(folder.Path, VisualizeJob.ImageName(0)), manifest.Sha256.GetValueOrDefault(VisualizeJob.ImageName(0), ""))
            : null;

    /// <summary>Makes those that are not there yet, as <c>visualize</c> would; none where no steps are wanted.</summary>
    internal static void Make(Invocation run, Network network, IBackend backend, Node layer, int channel, int steps, string root)
    {
        VisualizeTarget[] missing = [.. ((bool[])[false, true])
            .Select(negative => VisualizeTargetFlags.OfChannel(network, layer, channel, negative))
            .Where(t => Find(root, network, t) is null)];
        if (steps == 0 || missing.Length == 0)
        {
            return;
        }

        var options = new VisualizationOptions { Steps = steps, Seed = run.Get(SharedOptions.Seed) };
        using var visualizer = new Visualizer(network, backend);
        var job = new VisualizeJob(run, visualizer, backend, new VisualizePlan(options, [], 1, [("steps", steps)]), root);
        run.Progress("optimising").Run(report =>
        {
            for (int i = 0; i < missing.Length; i++)
            {
                job.Make(missing[i], FramePlan.None, (what, step, _) =>
                    report(what, ((long)i * steps) + step, (long)missing.Length * steps));
                run.Cancel.ThrowIfCancellationRequested();
            }

            return missing.Length;
        });
    }
}

/// <summary>An image of a unit in a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sum">Its SHA-256.</param>
internal sealed record UnitImage(string Path, string Sum);
