namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>What a rule makes of a layer's input x.</summary>
public enum InputPart
{
    /// <summary>x itself.</summary>
    Own,

    /// <summary>x⁺ = max(x, 0).</summary>
    Positive,

    /// <summary>x⁻ = min(x, 0).</summary>
    Negative,

    /// <summary>1 everywhere.</summary>
    Ones,

    /// <summary>The least value that a pixel can have: black, (0 − mean) / deviation.</summary>
    Lowest,

    /// <summary>The greatest value that a pixel can have: white, (1 − mean) / deviation.</summary>
    Highest,
}

/// <summary>Computes parts of inputs.</summary>
internal static class InputParts
{
    /// <summary>The part as an array of the input's size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is a bound, which does not depend on the input.</exception>
    public static float[] Of(this InputPart part, float[] x) => part switch
    {
        InputPart.Own => x,
        InputPart.Ones => [.. x.Select(_ => 1f)],
        InputPart.Positive => Array.ConvertAll(x, v => MathF.Max(v, 0)),
        InputPart.Negative => Array.ConvertAll(x, v => MathF.Min(v, 0)),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "expected a part of the input"),
    };
}
