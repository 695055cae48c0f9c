using System.Collections.Immutable;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>Where the relevance goes: what starts at the target ends in the input, in biases, or is lost to stabilisers.</summary>
internal sealed class Conservation
{
    /// <summary>The sum that starts.</summary>
    public double Start { get; set; }

    /// <summary>What biases have taken so far.</summary>
    public double Biases { get; set; }

    /// <summary>The sum that has reached the end.</summary>
    public double End { get; set; }

    /// <summary>
    /// <c>relevance_start</c>, <c>relevance_end</c>, <c>bias_share</c> (of the start) and <c>conservation_error</c> (the rest, as a share
    /// of the start).
    /// </summary>
    public ImmutableArray<Fact> Facts()
    {
        double scale = Start == 0 ? 1 : Math.Abs(Start);
        return
        [
            new Fact("relevance_start", Start),
            new Fact("relevance_end", End),
            new Fact("bias_share", Biases / (Start == 0 ? 1 : Start)),
            new Fact("conservation_error", Math.Abs(Start - End - Biases) / scale),
        ];
    }
}
