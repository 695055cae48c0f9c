using Interp.Engine.Common;

namespace Interp.Engine.Rules;

/// <summary>Every ReLU backward rule.</summary>
public static class ReluRules
{
    /// <summary>R·[x &gt; 0], the true gradient.</summary>
    public static ReluRule Vanilla { get; } = new ElementwiseReluRule<Vanilla>();

    /// <summary>R·[R &gt; 0].</summary>
    public static ReluRule Deconvnet { get; } = new ElementwiseReluRule<Deconvnet>();

    /// <summary>R·[x &gt; 0]·[R &gt; 0].</summary>
    public static ReluRule Guided { get; } = new ElementwiseReluRule<Guided>();

    /// <summary>All rules by name.</summary>
    public static Catalog<ReluRule> All { get; } = new("ReLU rule", r => r.Name, Vanilla, Deconvnet, Guided);
}
