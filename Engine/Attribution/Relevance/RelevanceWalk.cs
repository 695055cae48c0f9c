using System.Collections.Immutable;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Hands values from the target's node to the nodes below it, layer by layer in reverse topological order, each by the rule that a
/// composite gives it. What several readers hand to one node is added in the order of the graph. With <see cref="Through"/>, only what
/// passes through some channels of a layer goes on from there: the values at the layer are multiplied by the channels' indicator, and what
/// leads around the layer is left out (R. Achtibat et al., "From attribution maps to human-understandable explanations through concept
/// relevance propagation", Nature Machine Intelligence 5, 2023, section 4.1). Rules are linear in what they hand down, so that what goes
/// through disjoint sets of channels adds up to what goes through all of them.
/// </summary>
internal sealed class RelevanceWalk : IDisposable
{
    private readonly AttributionRequest _request;
    private readonly Composite _composite;
    private readonly Through? _through;
    private readonly ImmutableArray<Node> _upper; // from the top down to the layer that is passed through, the latter left out
    private readonly ImmutableArray<Node> _lower; // from there, or from the top, down to the end
    private readonly Dictionary<int, LayerRule> _rules;
    private readonly ImmutableArray<Activations> _activations;
    private readonly ImmutableArray<Shape> _shapes;
    private readonly ArrayWork _work;

    /// <summary>Chooses the rules and runs the network forward.</summary>
    /// <param name="request">What to explain.</param>
    /// <param name="composite">The rules.</param>
    /// <param name="end">The node at which to stop, usually the input.</param>
    /// <param name="reference">An input to compare the image with, if the rules do.</param>
    /// <param name="through">What is followed, or null for everything.</param>
    /// <exception cref="InputException">The target does not depend on the layer that is passed through, or that not on the end.</exception>
    public RelevanceWalk(
        AttributionRequest request, Composite composite, Node end, float[]? reference = null, Through? through = null)
    {
        (_request, _composite, _through) = (request, composite, through);
        Network network = request.Network;
        Top = Logits(request.Target).NodeIn(network);
        through?.RequireBetween(network, request.Target, Top, end);
        _upper = through is null ? [] : [.. NodesBetween.Of(network, Top, through.Layer)];
        _lower = [.. NodesBetween.Of(network, through?.Layer ?? Top, end)];
        ImmutableArray<LayerRule?> rules = composite.In(network);
        _rules = Path.ToDictionary(n => n.Id, n => rules[n.Id] ?? throw Uncovered(composite, n));
        HashSet<Node> needed = through is null ? [Top] : [Top, through.Layer];
        foreach (Node node in Path)
        {
            LayerRule rule = _rules[node.Id];
            needed.UnionWith(rule.ReadsInputs ? node.Inputs.Select(i => network.Nodes[i]) : []);
            needed.UnionWith(rule.ReadsOutput ? [node] : []);
        }

        _activations = Activations.Of(request, reference is null ? [request.Input.Tensor] : [request.Input.Tensor, reference], needed);
        _shapes = network.Shapes(1, request.Input.Image.Height, request.Input.Image.Width);
        _work = LayerParts.Of(request.Explainer).Work;
        End = end;
    }

    /// <summary>The target's node.</summary>
    public Node Top { get; }

    /// <summary>Where the walk stops.</summary>
    public Node End { get; }

    /// <summary>Whether the target depends on the end at all.</summary>
    public bool Reaches => _through?.Layer.Id == End.Id || _lower.Any(n => n.Inputs.Contains(End.Id));

    /// <summary>Shape of the end's output.</summary>
    public Shape EndShape => _shapes[End.Id];

    /// <summary>What the target's node gives: logits, for a class.</summary>
    public float[] TopValues => _activations[0][Top];

    /// <summary>Shape of the output of the layer that is passed through.</summary>
    public Shape LayerShape => _shapes[_through!.Layer.Id];

    /// <summary>The output of the layer that is passed through.</summary>
    public float[] ActivationAtLayer => _activations[0][_through!.Layer];

    /// <summary>Where the relevance has gone; below the layer that is passed through, if there is one.</summary>
    public Conservation Conservation { get; } = new();

    /// <summary>What of the relevance went through the channels, after <see cref="Run"/>; none where everything is followed.</summary>
    public ThroughAccount? Account { get; private set; }

    /// <summary>∂S / ∂a at the target's node, S being a logit, a difference of logits or a unit.</summary>
    public float[] Gradient => GradientOf(_request.Target);

    /// <summary>a ⊙ ∂S / ∂a at the target's node: what the target is made of, with Σ = S.</summary>
    public float[] Shares => SharesOf(_request.Target);

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
            Node[] adding = [.. Path.Where(n => n.Layer is Conv2d or Linear or ChannelAffine or LayerNorm or GroupNorm
                or Add or AdaptiveAvgPool2d
                or AvgPool2d && !LayerSelector.ReadsImage(_request.Network, n))];
            int negative = adding.Count(n => n.Inputs.Any(i => _work.AnyNegative(_activations[0][_request.Network.Nodes[i]])));
            return negative == 0 ? [] : [new Fact("negative_inputs", $"at {negative} of {adding.Length} layers; the rule is derived for "
                + "inputs of 0 and more, here x⁺w⁺ + x⁻w⁻ stands for x w⁺")];
        }
    }

    /// <summary>
    /// The rules of the layers on the way, but for the standard ones: <c>z-box: features.0; gamma(0.25): …</c>.
    /// </summary>
    public string RulesInForce => string.Join(
        "; ",
        from node in Path.Reverse()
        where !_composite.IsStandard(_rules[node.Id])
        group node.Name by _rules[node.Id].Name into same
        select $"{same.Key}: {string.Join(", ", same)}");

    /// <summary>Every node on the way, from the top.</summary>
    private IEnumerable<Node> Path => _upper.Concat(_lower);

    /// <summary>The shares of another target at the same node.</summary>
    public float[] SharesOf(Target target) => Elementwise.Product(_activations[0][Top], GradientOf(target));

    /// <summary>What starts at the target's node, handed down to the end.</summary>
    public float[] Run(float[] start)
    {
        if (_through is null)
        {
            return Down(_lower, Top, End, [start], [Conservation])[0];
        }

        float[] arrived = ToLayer([start])[0], kept = _through.Keep(arrived, LayerShape);
        Account = ThroughAccount.Of(_request.Network, Top, _through, Contributions(arrived), LayerShape);
        return Down(_lower, _through.Layer, End, [kept], [Conservation])[0];
    }

    /// <summary>Gives back what the layers gave. A walk whose results outlive it, or that nobody
    /// ends, leaves that to the runtime.</summary>
    public void Dispose()
    {
        foreach (Activations activations in _activations)
        {
            activations.Release();
        }
    }

    /// <summary>What starts at the target's node, each handed down to the layer that is passed through: all that arrives there.</summary>
    public float[][] ToLayer(IReadOnlyList<float[]> starts) =>
        Down(_upper, Top, _through!.Layer, starts, [.. starts.Select(_ => new Conservation())]);

    /// <summary>What starts at the layer that is passed through, each handed down to the end on its own; one run of each layer below
    /// serves all of them.</summary>
    public float[][] FromLayer(IReadOnlyList<float[]> starts) =>
        Down(_lower, _through!.Layer, End, starts, [.. starts.Select(_ => new Conservation())]);

    private float[][] Down(
        ImmutableArray<Node> path, Node from, Node to, IReadOnlyList<float[]> starts, IReadOnlyList<Conservation> accounts)
    {
        Dictionary<int, float[]>[] arrived = [.. starts.Select(s => new Dictionary<int, float[]> { [from.Id] = s })];
        for (int s = 0; s < starts.Count; s++)
        {
            accounts[s].Start = _work.Sum(starts[s]);
        }

        for (int k = 0; k < path.Length; k++)
        {
            _request.Cancel.ThrowIfCancellationRequested();
            Hand(path[k], arrived, starts, accounts);
            int done = path == _upper ? k : _upper.Length + k;
            _request.Progress?.Invoke((done + 1) / (double)(_upper.Length + _lower.Length));
        }

        float[][] ends = [.. arrived.Select(a => a.GetValueOrDefault(to.Id) ?? new float[_shapes[to.Id].Count])];
        for (int s = 0; s < ends.Length; s++)
        {
            accounts[s].End = _work.Sum(ends[s]);
        }

        return ends;
    }

    /// <summary>One layer hands on what has arrived at it.</summary>
    private void Hand(
        Node node, Dictionary<int, float[]>[] arrived, IReadOnlyList<float[]> starts, IReadOnlyList<Conservation> accounts)
    {
        var layer = new LayerPass(
            _request, node, _shapes, _activations[0], _activations.Length > 1 ? _activations[1] : null, isShared: arrived.Length > 1);
        try
        {
            for (int s = 0; s < arrived.Length; s++)
            {
                if (!arrived[s].Remove(node.Id, out float[]? upper))
                {
                    continue;
                }

                layer.Conservation = accounts[s];
                double before = accounts[s].Biases;
                float[][] lower = _rules[node.Id].Back(layer, upper);
                double sum = _work.Sum(upper);
                accounts[s].Pass(
                    node.Name, sum, lower.Sum(l => ReferenceEquals(l, upper) ? sum : _work.Sum(l)), accounts[s].Biases - before);
                List<float[]> used = [upper, .. lower];
                for (int i = 0; i < node.Inputs.Length; i++)
                {
                    int input = node.Inputs[i];
                    Require(i < lower.Length && lower[i].Length == _shapes[input].Count, node, lower);
                    if (arrived[s].TryGetValue(input, out float[]? others))
                    {
                        arrived[s][input] = _work.Add(others, lower[i]);
                        used.Add(others);
                    }
                    else
                    {
                        arrived[s][input] = lower[i];
                    }
                }

                used.RemoveAll(a => ReferenceEquals(a, starts[s]) || arrived[s].Values.Any(v => ReferenceEquals(v, a)));
                used.ForEach(_work.Give);
            }
        }
        finally
        {
            layer.Close();
        }
    }

    private float[] GradientOf(Target target) =>
        Logits(target).Gradient(_activations[0][Top], _shapes[Top.Id], _request.Network.OutputActivation);

    /// <summary>What arrives at the layer as parts of the target's value: relevance itself, or multipliers times the difference from the
    /// reference.</summary>
    private float[] Contributions(float[] arrived)
    {
        if (_activations.Length == 1)
        {
            return arrived;
        }

        float[] image = _activations[0][_through!.Layer], reference = _activations[1][_through.Layer];
        return [.. arrived.Select((m, i) => m * (image[i] - reference[i]))];
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
}
