namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>What a rule makes of a layer's weights and biases: each w becomes p·w where w &gt; 0 and n·w elsewhere, or a constant.</summary>
/// <param name="Above">p.</param>
/// <param name="Below">n.</param>
/// <param name="Constant">The constant, or null.</param>
internal readonly record struct WeightPart(float Above, float Below, float? Constant = null)
{
    /// <summary>w itself.</summary>
    public static WeightPart Own { get; } = new(1, 1);

    /// <summary>w⁺ = max(w, 0).</summary>
    public static WeightPart Positive { get; } = new(1, 0);

    /// <summary>w⁻ = min(w, 0).</summary>
    public static WeightPart Negative { get; } = new(0, 1);

    /// <summary>1 for every weight.</summary>
    public static WeightPart Ones { get; } = new(0, 0, 1);

    /// <summary>w + γ·w⁺.</summary>
    public static WeightPart MorePositive(double gamma) => new((float)(1 + gamma), 1);

    /// <summary>w + γ·w⁻.</summary>
    public static WeightPart MoreNegative(double gamma) => new(1, (float)(1 + gamma));

    /// <summary>Replaces every value by its part.</summary>
    public void Apply(Span<float> values)
    {
        if (Constant is { } c)
        {
            values.Fill(c);
            return;
        }

        foreach (ref float w in values)
        {
            w *= w > 0 ? Above : Below;
        }
    }
}
