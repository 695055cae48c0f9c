using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>
/// Photos to compare an image with: of each its own top class, the channels' shares of that decision, and the photos that rely on each
/// channel most and that excite it most. One pass over all photos when it is first needed; of a photo its class and first channels are
/// held.
/// </summary>
/// <param name="run">The command's run.</param>
/// <param name="relevance">How relevance is handed down, and to which layer.</param>
/// <param name="inputs">The photos.</param>
/// <param name="count">Photos wanted of each channel.</param>
/// <param name="failures">Told of photos that the network cannot be run on.</param>
/// <param name="also">Takes each photo with all of its channels' relevance as well, or null.</param>
internal sealed class RelevancePhotos(Invocation run, ConceptRelevance relevance, InputList inputs, int count, Failures failures,
    Action<Photo, ChannelRelevance>? also = null)
{
    /// <summary>Width and height of what is cut of a photo.</summary>
    internal const int CropSide = 192;

    private const int Spare = 2; // for the image itself, and a copy of it
    private const int RankingHeld = 100; // the most channels that can be asked for
    private readonly Dictionary<(string Path, int? Part, int Channel), RgbImage> _crops = [];
    private TopExamples[] _relevant = [];
    private TopExamples[] _exciting = [];
    private List<Photo>? _seen;

    /// <summary>What the command ends with if nothing else goes wrong.</summary>
    internal int ExitCode => inputs.ExitCode;

    /// <summary>What results depend on: the photos by path, size and time.</summary>
    internal IReadOnlyList<string> Settings { get; } = [$"{count}", .. inputs.Files.Select(SettingsHash.OfFile)];

    /// <summary>The photos that could be read.</summary>
    internal IReadOnlyList<Photo> Seen => _seen ??= Read();

    /// <summary>The photos for whose own class a channel was most relevant, by its share of the decision.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="but">SHA-256 of the file that is left out: the image that they are compared with.</param>
    internal IReadOnlyList<UnitExample> Relevant(int channel, string but) => Best(_relevant, channel, but);

    /// <summary>The photos that excite it most.</summary>
    /// <inheritdoc cref="Relevant"/>
    internal IReadOnlyList<UnitExample> Exciting(int channel, string but) => Best(_exciting, channel, but);

    /// <summary>What is known of an example's photo.</summary>
    internal Photo Of(UnitExample example) => At(example.Image, example.Part);

    /// <summary>What of the photos made the channels relevant for the photos' own classes, for some channels at once.</summary>
    internal IReadOnlyDictionary<(string Path, int? Part, int Channel), RgbImage> Crops(IEnumerable<int> channels, string but)
    {
        var wanted = channels.SelectMany(k => Relevant(k, but).Concat(Exciting(k, but)).Select(e => (e.Image, e.Part, Channel: k)))
            .Distinct().Where(w => !_crops.ContainsKey(w)).GroupBy(w => (w.Image, w.Part)).ToArray();
        run.Progress("cutting").Run(report =>
        {
            for (int i = 0; i < wanted.Length; i++)
            {
                (string path, int? part) = wanted[i].Key;
                report(Path.GetFileName(path), i, wanted.Length);
                NetworkInput input = NetworkInput.Read(path, relevance.Explainer.Network, run.Cancel)[part ?? 0];
                Cut(input, part, [.. wanted[i].Select(w => w.Channel)]);
            }

            return 0;
        });
        return _crops;
    }

    private Photo At(string path, int? part) => Seen.First(p => p.Path == path && p.Part == part);

    private IReadOnlyList<UnitExample> Best(TopExamples[] of, int channel, string but) =>
        Seen.Count == 0 ? [] : [.. of[channel].Best.Where(e => Of(e).Hash != but).Take(count)];

    private void Cut(NetworkInput input, int? part, int[] channels)
    {
        ImageRelevance found = relevance.Explain(input, At(input.Path, part).Own, run.Cancel);
        int sign = found.Channels.Sign;
        IReadOnlyList<float[]> maps = found.Maps([.. channels.Select(k => (int[])[k])]);
        for (int i = 0; i < channels.Length; i++)
        {
            _crops[(input.Path, part, channels[i])] =
                RelevanceCrop.Cut(input.Image, Array.ConvertAll(maps[i], v => sign * v), CropSide);
        }
    }

    private List<Photo> Read()
    {
        var seen = new List<Photo>();
        Network network = relevance.Explainer.Network;
        using var ahead = new ReadAhead<ReadImage>(
            add => inputs.ForEach(network, (i, input, part) => add(new ReadImage(i, part ?? 0, part, input))), 4);
        return run.Progress("photos").Run(report =>
        {
            foreach (ReadImage image in ahead.Images())
            {
                run.Cancel.ThrowIfCancellationRequested();
                string piece = Readable.Path(image.Input.Path);
                failures.Try("photo", piece, alone: inputs.Files.Count == 1, () => Take(seen, image));
                report(Path.GetFileName(image.Input.Path), image.File + 1, inputs.Files.Count);
            }

            return seen;
        });
    }

    private void Take(List<Photo> seen, ReadImage image)
    {
        ChannelRelevance found = relevance.Channels(image.Input, null, run.Cancel);
        int channels = found.Shape[1];
        if (_relevant.Length == 0)
        {
            _relevant = [.. Enumerable.Range(0, channels).Select(_ => new TopExamples(count + Spare, least: false, ExampleRank.Mean))];
            _exciting = [.. Enumerable.Range(0, channels).Select(_ => new TopExamples(count + Spare, least: false, ExampleRank.Max))];
        }

        float[] shares = found.ShareMap();
        for (int k = 0; k < channels; k++)
        {
            _relevant[k].Offer(image.Input.Path, image.Index, UnitReading.Of(shares, found.Shape, 0, k));
            _exciting[k].Offer(image.Input.Path, image.Index, UnitReading.Of(found.Activation, found.Shape, 0, k));
        }

        seen.Add(new Photo(
            image.Input.Path, image.Index, image.Input.FileHash, (ClassTarget)found.Target, [.. found.Ranking.Take(RankingHeld)]));
        also?.Invoke(seen[^1], found);
    }
}

/// <param name="Path">The file.</param>
/// <param name="Part">Its place among several inputs of one file, or null.</param>
/// <param name="Hash">SHA-256 of the file.</param>
/// <param name="Own">The logit of its own top class.</param>
/// <param name="Ranking">The layer's channels by their relevance for that, the greatest first.</param>
internal sealed record Photo(string Path, int? Part, string Hash, ClassTarget Own, IReadOnlyList<int> Ranking);
