using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Engine.Concepts.Relevance;

/// <summary>One image's relevance at a layer, and the ways to follow it. Made by <see cref="ConceptRelevance.Explain"/>.</summary>
public sealed class ImageRelevance
{
    /// <summary>Conditions that are walked at once: as many arrays of the widest layer's size are held.</summary>
    private const int AtOnce = 10;

    private readonly RelevanceWalk _walk;
    private readonly ConceptRelevance _of;
    private readonly Target _target;

    internal ImageRelevance(RelevanceWalk walk, ConceptRelevance of, Target target)
    {
        (_walk, _of, _target) = (walk, of, target);
        Channels = For([target])[0];
        Network network = of.Explainer.Network;
        PathsAround = !GraphPaths.AllPass(network, of.Layer, walk.Top);
    }

    /// <summary>The channels' relevance for the target.</summary>
    public ChannelRelevance Channels { get; }

    /// <summary>Whether paths from the input to the target lead around the layer; what they carry is in no conditional map.</summary>
    public bool PathsAround { get; }

    /// <summary>The channels' relevance for other targets at the same node, from the same forward pass: other classes.</summary>
    /// <exception cref="InputException">A target is at another node.</exception>
    public IReadOnlyList<ChannelRelevance> For(IReadOnlyList<Target> targets)
    {
        Target? elsewhere = targets.FirstOrDefault(t => t.NodeIn(_of.Explainer.Network).Id != _walk.Top.Id);
        if (elsewhere is not null)
        {
            throw new InputException($"{elsewhere.Description}: expected a target at '{_walk.Top.Name}', where {_target.Description} is");
        }

        float[][] starts = [.. targets.Select(_walk.SharesOf)];
        return
        [
            .. starts.Chunk(AtOnce).SelectMany(s => _walk.ToLayer(s)).Select((r, i) =>
                new ChannelRelevance(targets[i], _walk, starts[i], r)),
        ];
    }

    /// <summary>R(x|θ) for some sets θ of channels: what reaches the input through them, <c>[C,H,W]</c> in units of the target. One pass of
    /// each layer below serves all sets.</summary>
    /// <param name="conditions">The sets, 0-based.</param>
    /// <exception cref="InputException">A channel does not exist.</exception>
    public IReadOnlyList<float[]> Maps(IReadOnlyList<IReadOnlyCollection<int>> conditions)
    {
        int count = Channels.Shape[1], wrong = conditions.SelectMany(c => c).FirstOrDefault(k => k < 0 || k >= count, -1);
        if (conditions.Any(c => c.Any(k => k < 0 || k >= count)))
        {
            throw new InputException($"channel {wrong}: layer {_of.Layer.Name} has channels from 0 to {count - 1}");
        }

        return
        [
            .. conditions.Select(c => new Through(_of.Layer, [.. c]).Keep(Channels.Values, Channels.Shape)).Chunk(AtOnce)
                .SelectMany(s => _walk.FromLayer(s)),
        ];
    }

    /// <summary>
    /// The conditional maps of some channels, of all others together, and of the whole layer, with how far the first two add up to the
    /// last: ‖Σ_k R(x|{k}) + R(x|others) − R(x|all)‖₂ / ‖R(x|all)‖₂, which is rounding.
    /// </summary>
    /// <param name="channels">The channels, each once.</param>
    public ConditionalMaps Decompose(IReadOnlyList<int> channels)
    {
        int[] all = [.. Enumerable.Range(0, Channels.Shape[1])];
        IReadOnlyList<float[]> maps = Maps([.. channels.Select(k => (int[])[k]), [.. all.Except(channels)], all]);
        float[] whole = maps[^1];
        double off = 0, size = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            double sum = 0;
            for (int m = 0; m < maps.Count - 1; m++)
            {
                sum += maps[m][i];
            }

            off += (sum - whole[i]) * (sum - whole[i]);
            size += (double)whole[i] * whole[i];
        }

        return new ConditionalMaps([.. maps.Take(channels.Count)], maps[^2], whole, size > 0 ? Math.Sqrt(off / size) : Math.Sqrt(off));
    }
}

/// <summary>Conditional maps of a layer's channels, each <c>[C,H,W]</c>.</summary>
/// <param name="Each">Those of the channels that were asked for.</param>
/// <param name="Others">That of all others.</param>
/// <param name="Whole">That of all channels.</param>
/// <param name="Residual">How far the first two are from adding up to the last, relative to it.</param>
public sealed record ConditionalMaps(ImmutableArray<float[]> Each, float[] Others, float[] Whole, double Residual);
