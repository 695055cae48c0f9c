using Interp.Engine.Functions;

namespace Interp.Engine.Rules;

/// <summary>
/// What a ReLU's backward pass lets through. A rule is chosen for one backward call and applies to every ReLU of the network, those of the
/// classifier included. A new rule is one small file with an <see cref="IReluOperator"/> and one line in <see cref="ReluRules"/>.
/// </summary>
public abstract class ReluRule
{
    /// <summary>The name used on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The rule as a formula in x (the ReLU's input) and R (the upstream gradient).</summary>
    public abstract string Formula { get; }

    /// <summary>Whether it applies to smooth activations too (SiLU, GELU, hardswish), not to rectifiers only.</summary>
    public virtual bool IncludesSmooth => false;

    /// <summary>The same rule for smooth activations too: N + f'(x)·(A − N), where A and N are what it makes of R at an active and at a
    /// silent ReLU.</summary>
    public abstract ReluRule WithSmooth { get; }

    /// <summary>What applies to an activation: this rule at a rectifier such as ReLU6 or a leaky one, and, if <see
    /// cref="IncludesSmooth"/>, at a smooth
    /// one; the true gradient elsewhere.</summary>
    public ReluRule For(ActivationFunction function) =>
        function.Role is ActivationRole.Rectifier or ActivationRole.Leaky || (function.Role == ActivationRole.Smooth && IncludesSmooth)
            ? this : ReluRules.Vanilla;

    /// <summary>Hands the rule's operator type to a backend's kernel, which is compiled for it.</summary>
    public abstract void Accept(IReluRuleVisitor visitor);
}

/// <summary>A backend's ReLU backward kernel.</summary>
public interface IReluRuleVisitor
{
    /// <summary>Runs the kernel with this operator.</summary>
    void Visit<TOperator>() where TOperator : struct, IReluOperator;
}

/// <summary>A rule that looks at one value at a time.</summary>
internal sealed class ElementwiseReluRule<TOperator>(bool includesSmooth = false) : ReluRule where TOperator : struct, IReluOperator
{
    public override bool IncludesSmooth => includesSmooth;

    public override ReluRule WithSmooth => includesSmooth ? this : new ElementwiseReluRule<TOperator>(includesSmooth: true);

    public override string Name => TOperator.Name;

    public override string Formula => TOperator.Formula;

    public override void Accept(IReluRuleVisitor visitor) => visitor.Visit<TOperator>();
}
