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
