using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>Why a rule of a composite serves no layer of a network.</summary>
internal static class IdleRule
{
    private const int Named = 3;

    /// <summary>The reason in words, with what to do.</summary>
    public static string Reason(RuleFor rule, Network network)
    {
        Node[] layers = [.. network.Nodes.Skip(1)];
        Node[] selected = [.. layers.Where(n => rule.Layers.Takes(network, n))];
        Node[] served = [.. selected.Where(n => rule.Rule.Fits(n.Layer))];
        if (selected.Length == 0)
        {
            return $"selects no layer of {network.Name}, whose layers are of the kinds {Kinds(layers)}; 'layers' lists their names";
        }

        return served.Length == 0
            ? $"{rule.Rule} is no rule for {Kinds(selected)} ({Names(selected)}), expected {Fitting(rule.Rule, layers)}"
            : $"serves no layer, for the first match wins and rules before it take {Names(served)}; move it up or take it out";
    }

    private static string Fitting(LayerRule rule, Node[] layers) =>
        Kinds(layers.Where(n => rule.Fits(n.Layer))) is { Length: > 0 } kinds ? kinds : "a network with layers that it fits";

    private static string Kinds(IEnumerable<Node> layers) => string.Join(", ", layers.Select(n => n.Layer.Kind).Distinct());

    private static string Names(Node[] layers) =>
        string.Join(", ", layers.Take(Named).Select(n => n.Name)) + (layers.Length > Named ? ", …" : "");
}
