using System.Diagnostics;
using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Statistics;

namespace Interp.Cli.Concepts.Relevance;

/// <param name="Top">How many channels are shown.</param>
/// <param name="Composite">The rules, as they were given.</param>
/// <param name="Out">Folder of all results.</param>
internal sealed record RelevancePlan(int Top, string Composite, string Out);

/// <summary>What <c>concepts relevance</c> does with every image, unless that result is there already.</summary>
internal sealed class RelevanceJob(
    Invocation run, ConceptRelevance relevance, TargetChoice choice, RelevancePlan plan, RelevancePhotos? photos)
{
    private const int OtherClasses = 8;
    private readonly OutputNames _names = new();
    private readonly ImageOptions _images = ImageFlags.Read(run);
    private readonly UnitLabels? _concepts =
        UnitLabels.Find(plan.Out, relevance.Explainer.Network, relevance.Layer, run.Note);
    private readonly List<(string Folder, RelevanceManifest Manifest)> _done = [];
    private int _reused;

    private Network Network => relevance.Explainer.Network;

    /// <summary>Explains one image.</summary>
    /// <param name="input">The image.</param>
    /// <param name="part">Its place among several inputs of one file, or null.</param>
    internal void Explain(NetworkInput input, int? part)
    {
        string path = Path.Combine(plan.Out, _names.Take(input.Path, part), SafeName.Of($"relevance-{relevance.Layer.Name}"));
        var folder = new ResultFolder<RelevanceManifest>(path, RelevanceJson.Strict.RelevanceManifest);
        string settings = SettingsOf(input, part);
        if (folder.Existing(settings) is { } existing)
        {
            _reused++;
            _done.Add((path, existing));
            return;
        }

        if (photos is not null)
        {
            OutputFile.CreateFolder(path, "--out"); // Before a long pass.
            _ = photos.Seen; // Before the clock starts: one pass for all images.
        }

        var clock = Stopwatch.StartNew();
        IReadOnlyList<Prediction> top = Network.Classes > 0 ? relevance.Explainer.Predict(input, 5, run.Cancel) : [];
        Target target = choice.For(top.Count > 0 ? top[0].Class : -1);
        ImageRelevance found = relevance.Explain(input, target, run.Cancel);
        int[] shown = [.. found.Channels.Ranking.Take(plan.Top)];
        ConditionalMaps maps = found.Decompose(shown);
        RankingSupport? support = photos is null ? null : SupportOf(input, target, found, shown);
        var writer = new RelevanceWriter(folder, input, _images, photos, Network.Labels);
        if (folder.Begin(settings) is { } other)
        {
            run.Note($"{Readable.Path(path)} held {other.TargetDescription} of {Readable.Path(other.Image)} by {other.Model}: it is "
                + "replaced; another --out keeps both");
        }

        IReadOnlyList<ChannelLine> lines = writer.Channels(found, shown, maps, support, _concepts);
        RelevanceManifest manifest = ManifestOf(input, target, found, maps, lines) with
        {
            Settings = settings,
            Part = part,
            OtherClasses = AgainstOtherClasses(found, target, top, shown),
            Photos = support is null ? null
                : new PhotosLine(
                support.Same + support.Others, support.Same, support.Others, OrNull(support.SameOverlap), OrNull(support.OtherOverlap),
                support.ChanceOverlap),
            TimeMs = Math.Round(clock.Elapsed.TotalMilliseconds, 3),
        };
        manifest = writer.Finish(manifest, found, maps);
        folder.Settle(manifest);
        _done.Add((path, manifest));
    }

    /// <summary>Prints what was found.</summary>
    internal void Show()
    {
        if (run.Json)
        {
            run.WriteJson([.. _done.Select(d => d.Manifest)], RelevanceJson.Pretty.IReadOnlyListRelevanceManifest);
            return;
        }

        foreach ((string folder, RelevanceManifest manifest) in _done)
        {
            RelevanceSummary.Show(run, folder, manifest);
        }

        if (_reused > 0)
        {
            run.Note($"{_reused} of {_done.Count} results were there from the same settings");
        }
    }

    private static double? OrNull(double value) => double.IsNaN(value) ? null : value;

    private RankingSupport SupportOf(NetworkInput input, Target target, ImageRelevance found, int[] shown)
    {
        // The image itself says nothing new, wherever it lies among the photos.
        ILookup<bool, IReadOnlyList<int>> photo = photos!.Seen.Where(p => p.Hash != input.FileHash)
            .ToLookup(p => p.Own.Id == target.Class, p => (IReadOnlyList<int>)[.. p.Ranking.Take(shown.Length)]);
        return RankingSupport.Of(shown, found.Channels.Shape[1], [.. photo[true]], [.. photo[false]]);
    }

    /// <summary>How far the ranking is the photo's rather than the class's: the runners-up, and classes evenly through the list.</summary>
    private OtherClassesLine? AgainstOtherClasses(ImageRelevance found, Target target, IReadOnlyList<Prediction> top, int[] shown)
    {
        if (target is not ClassTarget { Against: null } own || Network.Classes < 2)
        {
            return null;
        }

        int[] classes =
        [
            .. top.Select(p => p.Class).Concat(Enumerable.Range(0, 2 * OtherClasses).Select(i => i * Network.Classes / (2 * OtherClasses)))
                .Where(c => c != own.Id).Distinct().Take(OtherClasses),
        ];
        double overlap = found.For([.. classes.Select(c => new ClassTarget(c))])
            .Average(r => (double)r.Ranking.Take(shown.Length).Intersect(shown).Count());
        return new OtherClassesLine(classes, overlap, (double)shown.Length * shown.Length / found.Channels.Shape[1]);
    }

    private string SettingsOf(NetworkInput input, int? part) => SettingsHash.Of(
    [
        Network.Name, Network.Hash, input.Path, $"{part}", input.FileHash, choice.ToString(), relevance.Layer.Name,
        .. RelevanceFlags.Settings(plan.Composite), $"{plan.Top}",
        .. ImageFlags.Values(_images, AttributionKind.Contribution).Select(o => $"{o.Key} {o.Value}"),
        .. SettingsHash.Engine(run, relevance.Explainer.Backend.Info), .. photos?.Settings ?? [], _concepts?.Digest ?? "",
    ]);

    private RelevanceManifest ManifestOf(
        NetworkInput input, Target target, ImageRelevance found, ConditionalMaps maps, IReadOnlyList<ChannelLine> lines)
    {
        ChannelRelevance channels = found.Channels;
        return new RelevanceManifest
        {
            Settings = "",
            Model = Network.Name,
            ModelHash = Network.Hash,
            Image = input.Path,
            ImageHash = input.FileHash,
            Class = target.Class,
            Label = target.Class is { } c ? Network.Labels[c] : null,
            TargetDescription = target.Description,
            Score = channels.Start,
            Layer = relevance.Layer.Name,
            Kind = relevance.Layer.Layer.Kind,
            Shape = channels.Shape.Dims,
            Composite = plan.Composite,
            LayerRelevance = channels.Total,
            AbsoluteRelevance = channels.Absolute,
            PathsAround = found.PathsAround,
            Residual = maps.Residual,
            TopShare = lines.Sum(l => l.Share),
            ChanceShare = (channels.Absolute > 0 ? channels.Sign * channels.Total / channels.Absolute : 0)
                * lines.Count / channels.Shape[1],
            Channels = lines,
            Threads = relevance.Explainer.Backend.Info.Threads,
            Backend = relevance.Explainer.Backend.Info.Name,
            InstructionSet = relevance.Explainer.Backend.Info.InstructionSet,
            Convolution = run.Get(SharedOptions.Convolution),
            Memory = run.Get(SharedOptions.Memory),
            TimeMs = 0,
        };
    }
}
