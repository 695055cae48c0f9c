using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>What a rule makes of a layer's weights and biases, each by itself.</summary>
public readonly record struct WeightPart
{
    private readonly float _above;
    private readonly float _below;
    private readonly Form _form;

    private WeightPart(float above, float below, Form form = Form.Scaled) => (_above, _below, _form) = (above, below, form);

    private enum Form
    {
        Scaled,
        Ones,
        Squared,
    }

    /// <summary>w itself.</summary>
    public static WeightPart Own { get; } = new(1, 1);

    /// <summary>w⁺ = max(w, 0).</summary>
    public static WeightPart Positive { get; } = new(1, 0);

    /// <summary>w⁻ = min(w, 0).</summary>
    public static WeightPart Negative { get; } = new(0, 1);

    /// <summary>1 for every weight.</summary>
    public static WeightPart Ones { get; } = new(1, 1, Form.Ones);

    /// <summary>w².</summary>
    public static WeightPart Squared { get; } = new(1, 1, Form.Squared);

    /// <summary>
    /// What the weights 1/n of an average pool are multiplied by. Those of one output are equal, so that their ones and squares share out
    /// as they do.
    /// </summary>
    internal float OfPool => _above;

    /// <summary>w + γ·w⁺.</summary>
    public static WeightPart MorePositive(double gamma) => Scaled(1 + gamma, 1);

    /// <summary>w + γ·w⁻.</summary>
    public static WeightPart MoreNegative(double gamma) => Scaled(1, 1 + gamma);

    /// <summary>p·w where w &gt; 0 and n·w elsewhere.</summary>
    /// <param name="above">p.</param>
    /// <param name="below">n.</param>
    public static WeightPart Scaled(double above, double below) => new((float)above, (float)below);

    /// <summary>The part of each weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Apply(Vector512<float> w) => _form switch
    {
        Form.Ones => Vector512<float>.One,
        Form.Squared => w * w,
        _ => w * Vector512.ConditionalSelect(
            Vector512.GreaterThan(w, Vector512<float>.Zero), Vector512.Create(_above), Vector512.Create(_below)),
    };

    /// <summary>Replaces every value by its part.</summary>
    internal void Apply(Span<float> values)
    {
        if (_form == Form.Ones)
        {
            values.Fill(1);
            return;
        }

        foreach (ref float w in values)
        {
            w *= _form == Form.Squared ? w : w > 0 ? _above : _below;
        }
    }
}
