using System.Collections.Immutable;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>The options of every method that takes gradients: what activations let through, and which of them follow the rule.</summary>
/// <param name="standard">The rule unless another is asked for.</param>
internal sealed class ReluRuleOption(ReluRule standard)
{
    private static readonly MethodOption<RuledActivations> s_activations = MethodOption.Choice(
        "rule-activations",
        "which activations follow the ReLU rule: relu (ReLU, ReLU6 and leaky ReLUs), or all (SiLU, GELU, ELU and their like too, by "
        + "their slope)",
        RuledActivations.Choices,
        RuledActivations.Choices[0],
        a => a.Name);

    /// <summary><c>--relu-rule</c> with the method's own standard.</summary>
    public MethodOption<ReluRule> Rule { get; } =
        MethodOption.Choice("relu-rule", "what every ReLU lets through on the way back", ReluRules.All, standard, r => r.Name);

    /// <summary>The options.</summary>
    public IEnumerable<MethodOption> Options => [Rule, s_activations];

    /// <summary>The rule that options ask for; the true gradient for a method without the option.</summary>
    public static ReluRule Of(OptionValues values) => values.First<ReluRule>() is not { } rule ? ReluRules.Vanilla
        : rule != ReluRules.Vanilla && values.First<RuledActivations>() is { IncludesSmooth: true } ? rule.WithSmooth
        : rule;

    /// <summary>Which activations is asked without effect beside the true gradient.</summary>
    public IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values) =>
        values.Get(Rule) == ReluRules.Vanilla ? [(s_activations, $"while option '{Rule.Name}' is {ReluRules.Vanilla.Name}")] : [];

    /// <summary>The rule for a request, and where it applies.</summary>
    /// <param name="request">What is explained.</param>
    /// <param name="ends">Where backpropagation ends: the image, or some layers.</param>
    /// <exception cref="InputException">It applies at none of the activations on the way, so that the gradient would be the true
    /// one.</exception>
    public static AppliedRule In(AttributionRequest request, params IReadOnlyCollection<Node> ends)
    {
        ReluRule rule = Of(request.Options);
        if (rule == ReluRules.Vanilla)
        {
            return new AppliedRule(rule, [], []);
        }

        Network network = request.Network;
        Node target = request.Target.NodeIn(network);
        Node[] all =
        [
            .. network.Nodes.Where(n => n.Layer is ReLU or Activation or PReLU && GraphPaths.Lead(network, n, target)
                && ends.Any(e => e.Id < n.Id && GraphPaths.Lead(network, e, n))),
        ];
        Node[] left = [.. all.Where(n => n.Layer is Activation { F: { } f } && rule.For(f) != rule)];
        string kinds = string.Join(
            ", ", left.Where(n => rule.WithSmooth.For(((Activation)n.Layer).F).IncludesSmooth).Select(n => n.Layer.Kind).Distinct());
        if (left.Length == all.Length && all.Length > 0)
        {
            string way = kinds.Length > 0 ? $"option 'rule-activations' all applies it at {kinds} too" : "take the method vanilla";
            throw new InputException(
                $"the rule {rule.Formula} is for ReLUs, and none of the {all.Length} activations on the way is one, so this would be the "
                + $"plain gradient under another name; {way}");
        }

        string count = $"{all.Length - left.Length} of {all.Length} activations";
        return new AppliedRule(
            rule,
            [new Fact("rule_applied_at", count)],
            kinds.Length == 0 ? []
                : [$"the rule {rule.Formula} is applied at {count}; option 'rule-activations' all applies it at {kinds} too"]);
    }
}

/// <summary>A value of <c>--rule-activations</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IncludesSmooth">Whether smooth stand-ins for ReLUs follow the rule.</param>
internal sealed record RuledActivations(string Name, bool IncludesSmooth)
{
    /// <summary>All values.</summary>
    public static Catalog<RuledActivations> Choices { get; } =
        new("choice of activations", a => a.Name, new("relu", false), new("all", true));
}

/// <summary>A ReLU rule on one network.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Facts">How many of the activations on the way follow it; none for the true gradient.</param>
/// <param name="Remarks">What else could.</param>
internal sealed record AppliedRule(ReluRule Rule, ImmutableArray<Fact> Facts, ImmutableArray<string> Remarks);
