using System.Collections.Immutable;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>How much of what arrives at a layer goes on through the channels that are followed.</summary>
/// <param name="Arrived">Σ R over the whole layer.</param>
/// <param name="Kept">Σ_{k ∈ θ} R_k.</param>
/// <param name="Share">Σ_{k ∈ θ} R_k / Σ_k |R_k|, R_k = Σ over channel k's map; 0 where nothing arrives.</param>
/// <param name="Channels">Channels at which anything arrives.</param>
/// <param name="Around">Whether paths lead around the layer; what they carry is left out.</param>
/// <param name="Layer">The layer's name.</param>
/// <param name="Nothing">Whether nothing at all arrives at the channels.</param>
internal sealed record ThroughAccount(double Arrived, double Kept, double Share, int Channels, bool Around, string Layer, bool Nothing)
{
    /// <summary>As facts of an explanation.</summary>
    public ImmutableArray<Fact> Facts =>
    [
        new Fact("layer_relevance", Arrived), new Fact("through_relevance", Kept), new Fact("through_share", Share),
        new Fact("paths_around_layer", Around),
    ];

    /// <summary>That nothing arrives, in words.</summary>
    public ImmutableArray<string> Diagnosis => Nothing
        ? [$"map is empty: nothing of the target arrives at these channels of {Layer}; it arrives at {Channels} others"]
        : [];

    /// <summary>Counts.</summary>
    public static ThroughAccount Of(Network network, Node top, Through through, float[] contributions, Shape shape)
    {
        double[] channels = ChannelSums(contributions, shape);
        double total = channels.Sum(Math.Abs), kept = through.Channels.Sum(k => channels[k]);
        int plane = contributions.Length / shape[1];
        bool IsEmpty(int k) => contributions.AsSpan(k * plane, plane).IndexOfAnyExcept(0f) < 0;
        return new ThroughAccount(
            channels.Sum(), kept, total > 0 ? kept / total : 0, Enumerable.Range(0, channels.Length).Count(k => !IsEmpty(k)),
            !GraphPaths.AllPass(network, through.Layer, top), through.Layer.Name, through.Channels.All(IsEmpty));
    }

    /// <summary>R_k for every channel, in float64 and in index order.</summary>
    public static double[] ChannelSums(float[] relevance, Shape shape)
    {
        var sums = new double[shape[1]];
        int plane = relevance.Length / sums.Length;
        for (int i = 0; i < relevance.Length; i++)
        {
            sums[i / plane] += relevance[i];
        }

        return sums;
    }
}
