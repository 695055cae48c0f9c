using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Hands values from the target's node to the nodes below it, layer by layer in reverse topological order, each by the rule that a
/// composite gives it. What several readers hand to one node is added in the order of the graph.
/// </summary>
internal sealed class RelevanceWalk
{
    private readonly AttributionRequest _request;
    private readonly Composite _composite;
    private readonly ImmutableArray<Node> _path;
    private readonly Dictionary<int, LayerRule> _rules;
    private readonly ImmutableArray<Activations> _activations;
    private readonly ImmutableArray<Shape> _shapes;

    /// <summary>Chooses the rules and runs the network forward.</summary>
    /// <param name="request">What to explain.</param>
    /// <param name="composite">The rules.</param>
    /// <param name="end">The node at which to stop, usually the input.</param>
    /// <param name="reference">An input to compare the image with, if the rules do.</param>
    public RelevanceWalk(AttributionRequest request, Composite composite, Node end, float[]? reference = null)
    {
        (_request, _composite) = (request, composite);
        Network network = request.Network;
        Top = Logits(request.Target).NodeIn(network);
        _path = [.. Between(network, Top, end)];
        ImmutableArray<LayerRule?> rules = composite.In(network);
        _rules = _path.ToDictionary(n => n.Id, n => rules[n.Id] ?? throw Uncovered(composite, n));
        HashSet<Node> needed = [Top];
        foreach (Node node in _path)
        {
            LayerRule rule = _rules[node.Id];
            needed.UnionWith(rule.ReadsInputs ? node.Inputs.Select(i => network.Nodes[i]) : []);
            needed.UnionWith(rule.ReadsOutput ? [node] : []);
        }

        _activations = Activations.Of(request, reference is null ? [request.Input.Tensor] : [request.Input.Tensor, reference], needed);
        _shapes = network.Shapes(1, request.Input.Image.Height, request.Input.Image.Width);
        End = end;
    }

    /// <summary>The target's node.</summary>
    public Node Top { get; }

    /// <summary>Where the walk stops.</summary>
    public Node End { get; }

    /// <summary>Whether the target depends on the end at all.</summary>
    public bool Reaches => _path.Any(n => n.Inputs.Contains(End.Id));

    /// <summary>Shape of the end's output.</summary>
    public Shape EndShape => _shapes[End.Id];

    /// <summary>Where the relevance has gone.</summary>
    public Conservation Conservation { get; } = new();

    /// <summary>∂S / ∂a at the target's node, S being a logit, a difference of logits or a unit.</summary>
    public float[] Gradient =>
        Logits(_request.Target).Gradient(_activations[0][Top], _shapes[Top.Id], _request.Network.OutputActivation);

    /// <summary>a ⊙ ∂S / ∂a at the target's node: what the target is made of, with Σ = S.</summary>
    public float[] Shares => Elementwise.Product(_activations[0][Top], Gradient);

    /// <summary>S on the image, or with 1 on the reference.</summary>
    public double Score(int of = 0) =>
        Logits(_request.Target).Scores(_activations[of][Top], _shapes[Top.Id], _request.Network.OutputActivation)[0];

    /// <summary>
    /// Says how many layers on the way that add up (convolutions and their like, sums, average pools) read values below zero, for rules
    /// that are derived for values of 0 and more; none where none does, or where pixels alone do.
    /// </summary>
    public IEnumerable<Fact> NegativeInputs
    {
        get
        {
            Node[] adding = [.. _path.Where(n => n.Layer is Conv2d or Linear or ChannelAffine or LayerNorm or GroupNorm or Add or AdaptiveAvgPool2d
                or AvgPool2d && !LayerSelector.ReadsImage(_request.Network, n))];
            int negative = adding.Count(n => n.Inputs.Any(i => _activations[0][_request.Network.Nodes[i]].Any(x => x < 0)));
            return negative == 0 ? [] : [new Fact("negative_inputs", $"at {negative} of {adding.Length} layers; the rule is derived for "
                + "inputs of 0 and more, here x⁺w⁺ + x⁻w⁻ stands for x w⁺")];
        }
    }

    /// <summary>
    /// The rules of the layers on the way, but for the standard ones: <c>z-box: features.0; gamma(0.25): …</c>.
    /// </summary>
    public string RulesInForce => string.Join(
        "; ",
        from node in _path.Reverse()
        where !_composite.IsStandard(_rules[node.Id])
        group node.Name by _rules[node.Id].Name into same
        select $"{same.Key}: {string.Join(", ", same)}");

    /// <summary>What starts at the target's node, handed down to the end.</summary>
    public float[] Run(float[] start)
    {
        var arrived = new Dictionary<int, float[]> { [Top.Id] = start };
        Conservation.Start = Elementwise.Sum(start);
        Activations? reference = _activations.Length > 1 ? _activations[1] : null;
        for (int k = 0; k < _path.Length; k++)
        {
            _request.Cancel.ThrowIfCancellationRequested();
            Node node = _path[k];
            if (arrived.Remove(node.Id, out float[]? upper))
            {
                var layer = new LayerPass(_request, node, _shapes, _activations[0], reference, Conservation);
                double before = Conservation.Biases;
                float[][] lower = _rules[node.Id].Back(layer, upper);
                Conservation.Pass(node.Name, Elementwise.Sum(upper), lower.Sum(Elementwise.Sum), Conservation.Biases - before);
                for (int i = 0; i < node.Inputs.Length; i++)
                {
                    int input = node.Inputs[i];
                    Require(i < lower.Length && lower[i].Length == _shapes[input].Count, node, lower);
                    arrived[input] = arrived.TryGetValue(input, out float[]? others) ? Elementwise.Add(others, lower[i]) : lower[i];
                }
            }

            _request.Progress?.Invoke((k + 1) / (double)_path.Length);
        }

        float[] end = arrived.GetValueOrDefault(End.Id) ?? new float[EndShape.Count];
        Conservation.End = Elementwise.Sum(end);
        return end;
    }

    /// <summary>
    /// Relevance is handed down from logits: most of a probability is decided by the output activation alone, and a softmax depends on all.
    /// </summary>
    internal static Target Logits(Target target) => target is ClassTarget c ? c with { Probability = false } : target;

    private static Exception Uncovered(Composite composite, Node node) => node.Weights.Length > 0
        ? new InputException(
            $"composite {composite.Name}: no rule takes layer '{node.Name}' ({node.Layer.Kind}); "
            + $"add one, such as {{ \"kind\": \"{node.Layer.Kind}\", \"rule\": \"epsilon\" }}, or a \"base\"")
        : new ModelException(
            $"layer '{node.Name}': composite {composite.Name} has no rule for '{node.Layer.Kind}'; explain a unit of a layer before it");

    private void Require(bool fits, Node node, float[][] lower)
    {
        if (!fits)
        {
            throw new InvalidOperationException(
                $"rule {_rules[node.Id]} gave the inputs of '{node.Name}' {string.Join(", ", lower.Select(l => l.Length))} values, "
                + $"expected {string.Join(", ", node.Inputs.Select(i => _shapes[i].Count))}");
        }
    }

    /// <summary>The nodes on the paths from the top down to the end, the end left out, from the top.</summary>
    private static IEnumerable<Node> Between(Network network, Node top, Node end)
    {
        HashSet<int> below = [end.Id];
        foreach (Node node in network.Nodes.Where(n => n.Id > end.Id && n.Inputs.Any(below.Contains)))
        {
            below.Add(node.Id);
        }

        HashSet<int> above = [top.Id];
        for (int id = top.Id; id > end.Id; id--)
        {
            if (above.Contains(id))
            {
                above.UnionWith(network.Nodes[id].Inputs);
            }
        }

        return network.Nodes.Where(n => n.Id > end.Id && below.Contains(n.Id) && above.Contains(n.Id)).Reverse();
    }
}
