using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>The gradient of a target with respect to the input: what every gradient method is built on.</summary>
public static class InputGradient
{
    /// <summary>The option that every gradient method has: what its ReLUs let through.</summary>
    public static MethodOption<ReluRule> RuleOption(ReluRule standard) =>
        MethodOption.Choice("relu-rule", "what every ReLU lets through on the way back", ReluRules.All, standard, r => r.Name);

    /// <summary>∂ target / ∂ input of a session that has run forward, <c>[N,C,H,W]</c> in normalised-input units; exact for the vanilla rule.</summary>
    public static float[] Of(Session session, Target target, ReluRule rule, CancellationToken cancel)
    {
        float[] seed = target.Seed(session.Logits(), session.Network.Classes);
        session.Backward(rule, cancel, new Seed(session.Network.Output, seed));
        return session.InputGradient();
    }
}
