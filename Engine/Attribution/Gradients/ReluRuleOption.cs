using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>The option of every method that takes gradients: what the ReLUs let through.</summary>
internal static class ReluRuleOption
{
    /// <summary><c>--relu-rule</c> with a method's own standard.</summary>
    public static MethodOption<ReluRule> Of(ReluRule standard) =>
        MethodOption.Choice("relu-rule", "what every ReLU lets through on the way back", ReluRules.All, standard, r => r.Name);
}
