using Interp.Engine.Common;

namespace Interp.Engine.Rules;

/// <summary>The ReLU backward rules.</summary>
public static class ReluRules
{
    /// <summary>R·[x &gt; 0], the true gradient.</summary>
    public static ReluRule Vanilla { get; } = new ElementwiseReluRule<Vanilla>();

    /// <summary>R·[R &gt; 0].</summary>
    public static ReluRule Deconvnet { get; } = new ElementwiseReluRule<Deconvnet>();

    /// <summary>R·[x &gt; 0]·[R &gt; 0].</summary>
    public static ReluRule Guided { get; } = new ElementwiseReluRule<Guided>();

    /// <summary>R·([x &gt; 0] or [R &gt; 0]), for starting an optimisation at a silent unit; it explains nothing, so <see cref="All"/>
    /// leaves it out.</summary>
    public static ReluRule Redirected { get; } = new ElementwiseReluRule<Redirected>();

    /// <summary>All rules of attribution by name.</summary>
    public static Catalog<ReluRule> All { get; } = new("ReLU rule", r => r.Name, Vanilla, Deconvnet, Guided);
}
