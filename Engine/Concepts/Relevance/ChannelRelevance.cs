using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Relevance;

/// <summary>How much of a target's value passes through each channel of a layer, on one image.</summary>
public sealed class ChannelRelevance
{
    private readonly ImmutableArray<double> _sums;

    /// <param name="target">What was explained.</param>
    /// <param name="walk">The walk to the layer.</param>
    /// <param name="start">What started at the target.</param>
    /// <param name="values">What arrived at the layer.</param>
    internal ChannelRelevance(Target target, RelevanceWalk walk, float[] start, float[] values)
    {
        (Target, Shape, Values, Start, Activation) = (target, walk.LayerShape, values, Elementwise.Sum(start), walk.ActivationAtLayer);
        _sums = [.. ThroughAccount.ChannelSums(values, Shape)];
        Total = _sums.Sum();
        Absolute = _sums.Sum(Math.Abs);
        Ranking = [.. Enumerable.Range(0, Shape[1]).OrderByDescending(k => Sign * _sums[k])];
    }

    /// <summary>What was explained.</summary>
    public Target Target { get; }

    /// <summary>The layer's shape, <c>[1,C,h,w]</c> or <c>[1,F]</c>.</summary>
    public Shape Shape { get; }

    /// <summary>R at every place of every channel, row-major; must not be changed.</summary>
    public float[] Values { get; }

    /// <summary>The layer's activations on the image; must not be changed.</summary>
    public float[] Activation { get; }

    /// <summary>What started at the target: its value S.</summary>
    public double Start { get; }

    /// <summary>sign(S): −1 where <see cref="Start"/> is below 0, else 1. What has this sign speaks for the target's value.</summary>
    public int Sign => Start < 0 ? -1 : 1;

    /// <summary>Σ_k R_k: what of it arrives at the layer. The rest went to biases and stabilisers above, or around the layer.</summary>
    public double Total { get; }

    /// <summary>Σ_k |R_k|.</summary>
    public double Absolute { get; }

    /// <summary>R_k = Σ_yx R_kyx for every channel, in float64.</summary>
    public ImmutableArray<double> Sums => _sums;

    /// <summary>All channels, by R_k·sign(S), the greatest first: what made up the target's value, then what worked against it. Among equal
    /// ones the lower number first.</summary>
    public ImmutableArray<int> Ranking { get; }

    /// <summary>R_k·sign(S) / Σ|R_k|, −1 to 1; 0 where no relevance arrives.</summary>
    public double Share(int channel) => Absolute > 0 ? Sign * _sums[channel] / Absolute : 0;

    /// <summary>R·sign(S) / Σ|R_k| at every place, of <see cref="Values"/>' shape: a channel's sum over its map is its <see
    /// cref="Share"/>.</summary>
    public float[] ShareMap()
    {
        double factor = Absolute > 0 ? Sign / Absolute : 0;
        return Array.ConvertAll(Values, r => (float)(r * factor));
    }
}
