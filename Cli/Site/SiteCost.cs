using System.Diagnostics;
using Interp.Cli.Dissection;
using Interp.Cli.Output;
using Interp.Cli.Visualization;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Cli.Site;

/// <summary>About how long a site takes, said before the work starts: a few steps of each layer and a few passes are timed.</summary>
internal sealed class SiteCost(Invocation run, SitePlan plan, IBackend backend, Explainer explainer)
{
    /// <summary>Passes that an explanation costs beside its forward one.</summary>
    private const int ExplanationPasses = 3;

    /// <summary>Passes a labelled image costs, with what is counted and exchanged of it.</summary>
    private const int DissectionPasses = 5;

    private const double WorthSaying = 5;

    /// <summary>Says it of what is missing; nothing where little is.</summary>
    /// <param name="unitsOf">The units of a layer; before the dissection as many others.</param>
    /// <param name="dissection">The dissection, where it is still to come.</param>
    internal void Say(Func<Node, int[]> unitsOf, DissectJob? dissection)
    {
        double seconds = 0;
        int images = 0, units = 0;
        foreach (Node layer in plan.Layers)
        {
            int[] channels = unitsOf(layer);
            units += channels.Length;
            using var made = new SiteImages(run, plan, backend, layer);
            VisualizeTarget[] missing = made.Missing(made.Units(channels));
            images += missing.Length;
            seconds += missing.Length == 0 ? 0 : Try(() => made.StepSeconds(missing)) * missing.Length * plan.Steps;
        }

        int classes = plan.Classes switch
        {
            SiteFlags.None => 0,
            SiteFlags.OfPhotos => Math.Min(plan.Photos?.Files.Count ?? 0, plan.Network.Classes),
            _ => SiteClasses.Of(plan.Classes, plan.Network, []).Count,
        };
        if (classes > 0)
        {
            using var made = new SiteImages(run, plan, backend, null);
            VisualizeTarget[] some = [.. made.Classes(Enumerable.Range(0, classes))];
            seconds += Try(() => made.StepSeconds(some)) * classes * plan.Steps;
        }

        int labelled = dissection is { Missing: > 0 } ? plan.Labels!.Count : 0, photos = plan.Photos?.Files.Count ?? 0;
        int sample = plan.Sample?.Files.Count ?? 0, layers = plan.Layers.Length;
        double passes = (DissectionPasses * (double)labelled) + ((layers + 1.0) * photos)
            + (sample * ((layers * (1.0 + ExplanationPasses)) + (units / 2.0)));
        seconds += images + classes == 0 ? 0 : passes * Try(PassSeconds);
        if (seconds > WorthSaying)
        {
            run.Note($"about {Readable.Duration(TimeSpan.FromSeconds(seconds))} if all of it is to be made: {images} images of "
                + $"{units} units and at most {classes} of classes, {plan.Steps} steps each"
                + (labelled > 0 ? $"; {labelled} labelled images" : "")
                + (photos > 0 ? $"; {photos} photos, {sample} of them explained" : "")
                + "; Ctrl-C stops it, and the same command goes on");
        }
    }

    /// <summary>What cannot be run says so when its turn comes.</summary>
    private static double Try(Func<double> time)
    {
        try
        {
            return time();
        }
        catch (InterpException)
        {
            return 0;
        }
    }

    private double PassSeconds()
    {
        Preprocessing own = plan.Network.Preprocessing;
        var blank = new RgbImage(own.Width, own.Height, new byte[3 * own.Width * own.Height]);
        explainer.Forward(Input(), [], run.Cancel);
        var clock = Stopwatch.StartNew();
        explainer.Forward(Input(), [], run.Cancel);
        return clock.Elapsed.TotalSeconds;

        NetworkInput Input()
        {
            (RgbImage image, float[] tensor) = NetworkInput.Prepare(blank, plan.Network);
            return new NetworkInput("", image, tensor, "");
        }
    }
}
