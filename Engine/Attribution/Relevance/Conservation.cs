using System.Collections.Immutable;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>Where the relevance goes: what starts at the target ends in the input, in biases, or is lost to stabilisers.</summary>
internal sealed class Conservation
{
    /// <summary>Layers that take less than this share of the start are told of together.</summary>
    private const double Least = 1e-3;

    private readonly List<AbsorbedRelevance> _layers = [];

    /// <summary>The sum that starts.</summary>
    public double Start { get; set; }

    /// <summary>What biases have taken so far.</summary>
    public double Biases { get; set; }

    /// <summary>The sum that has reached the end.</summary>
    public double End { get; set; }

    private double Scale => Start == 0 ? 1 : Math.Abs(Start);

    /// <summary>Notes what a layer kept of what arrived at it.</summary>
    /// <param name="layer">Its name.</param>
    /// <param name="arrived">The sum at its output.</param>
    /// <param name="handed">The sum that it handed to its inputs.</param>
    /// <param name="biases">What its biases took.</param>
    public void Pass(string layer, double arrived, double handed, double biases) =>
        _layers.Add(new AbsorbedRelevance(layer, biases, arrived - handed - biases));

    /// <summary>
    /// <c>relevance_start</c>, <c>relevance_end</c>, <c>bias_share</c> (of the start), <c>conservation_error</c> (the rest, as a share
    /// of the start) and <c>absorbed</c>, the layers that took it, <see cref="AbsorbedRelevance"/>, from the target down.
    /// </summary>
    public ImmutableArray<Fact> Facts()
    {
        return
        [
            new Fact("relevance_start", Start),
            new Fact("relevance_end", End),
            new Fact("bias_share", Biases / (Start == 0 ? 1 : Start)),
            new Fact("conservation_error", Math.Abs(Start - End - Biases) / Scale),
            new Fact("absorbed", Absorbed()),
        ];
    }

    private AbsorbedRelevance[] Absorbed()
    {
        ILookup<bool, AbsorbedRelevance> byWeight =
            _layers.ToLookup(l => Math.Max(Math.Abs(l.Biases), Math.Abs(l.Rest)) >= Least * Scale);
        AbsorbedRelevance[] small = [.. byWeight[false]];
        return
        [
            .. byWeight[true],
            .. small.Length == 0 ? (AbsorbedRelevance[])[]
                : [new AbsorbedRelevance($"{small.Length} others", small.Sum(l => l.Biases), small.Sum(l => l.Rest))],
        ];
    }
}

/// <summary>What a layer kept of the relevance that arrived at it: arrived = handed on + <paramref name="Biases"/> + <paramref
/// name="Rest"/>.</summary>
/// <param name="Layer">Its name, or for layers that keep next to nothing how many they are.</param>
/// <param name="Biases">What its biases (of an affine layer the shift, of a layer norm β) took.</param>
/// <param name="Rest">What stabilisers took, and outputs to which nothing adds.</param>
public sealed record AbsorbedRelevance(string Layer, double Biases, double Rest);
