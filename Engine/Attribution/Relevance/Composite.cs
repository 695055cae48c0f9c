using System.Collections.Immutable;
using Interp.Engine.Attribution.Relevance.Files;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Which rule each layer follows: an ordered list of rules with the layers that they are for, of which the first match wins. Layers that no
/// rule takes follow the standard rules, unless they are convolutions or fully connected: <see cref="PassRule"/>, <see
/// cref="WinnerRule"/>, <see cref="NormRule"/>, <see cref="SplitRule"/>, <see cref="GateRule"/>, <see cref="LayerNormRule"/>, and <see
/// cref="EpsilonRule"/> for a scale and shift of channels. Immutable. <c>new LrpMethod(composite)</c> explains with it.
/// </summary>
public sealed class Composite
{
    private static readonly ImmutableArray<RuleFor> s_standard =
    [
        .. from rule in (LayerRule[])
           [new PassRule(), new WinnerRule(), new NormRule(), new SplitRule(), new GateRule(), new LayerNormRule()]
           select new RuleFor(LayerSelector.All, rule) { MayBeIdle = true },
        new RuleFor(LayerSelector.Kind(ChannelAffine.Name), new EpsilonRule()) { MayBeIdle = true },
    ];

    private readonly ImmutableArray<RuleFor> _standard;

    /// <summary>A composite of one's own.</summary>
    /// <param name="name">What it is called in messages and manifests.</param>
    /// <param name="rules">The rules, the most special first.</param>
    public Composite(string name, params IEnumerable<RuleFor> rules)
        : this(name, rules, s_standard)
    {
    }

    private Composite(string name, IEnumerable<RuleFor> rules, ImmutableArray<RuleFor> standard)
    {
        (Name, Rules, _standard) = (name, [.. rules], standard);
    }

    /// <summary>What it is called in messages and manifests.</summary>
    public string Name { get; }

    /// <summary>Its rules, without the standard ones.</summary>
    public ImmutableArray<RuleFor> Rules { get; }

    /// <summary>
    /// A composite as the option <c>composite</c> of <c>lrp</c> takes it: by name, from a JSON file, or from the JSON itself.
    /// </summary>
    /// <param name="text">A name such as <c>epsilon-plus</c>, the path of a file, or text that begins with a brace.</param>
    /// <param name="epsilon">ε of epsilon rules that do not say theirs.</param>
    /// <param name="gamma">γ of gamma rules that do not say theirs.</param>
    /// <exception cref="InputException">There is no such name or file, or it is not a composite; the message says what was
    /// expected.</exception>
    public static Composite Parse(string text, double epsilon = Elementwise.Stabilizer, double gamma = GammaRule.Standard) =>
        CompositeFile.Find(text).Of(epsilon, gamma);

    /// <summary>The same with rules that come first; those that it has may then serve no layer.</summary>
    public Composite With(params IEnumerable<RuleFor> first) =>
        new(Name, [.. first, .. Rules.Select(r => r with { MayBeIdle = true })], _standard);

    /// <summary>The rule of every node of a network, by id; null for the input, and for layers that no rule takes.</summary>
    /// <exception cref="InputException">
    /// A rule serves no layer of the network, or bounds pixels at a layer that does not read the image; the message says why.
    /// </exception>
    public ImmutableArray<LayerRule?> In(Network network)
    {
        var rules = new LayerRule?[network.Nodes.Length];
        foreach (RuleFor entry in (IEnumerable<RuleFor>)[.. Rules, .. _standard])
        {
            bool idle = true;
            foreach (Node node in network.Nodes.Where(n => n.Id > 0 && rules[n.Id] is null && entry.Serves(network, n)))
            {
                rules[node.Id] = entry.Rule is not LinearRule { BoundsPixels: true } || LayerSelector.ReadsImage(network, node)
                    ? entry.Rule
                    : throw new InputException(
                        $"composite {Name}: {entry.Rule} at layer '{node.Name}' bounds pixels by black and white, "
                        + "expected a layer that reads the image itself; give it to the first alone");
                idle = false;
            }

            if (idle && !entry.MayBeIdle)
            {
                throw new InputException($"composite {Name}, rule {Rules.IndexOf(entry) + 1} ({entry}): {IdleRule.Reason(entry, network)}");
            }
        }

        return [.. rules];
    }

    /// <summary>One of rules for layers of all kinds, without the standard ones.</summary>
    internal static Composite Complete(string name, params IEnumerable<RuleFor> rules) => new(name, rules, []);

    /// <summary>Whether a rule is a standard one.</summary>
    internal bool IsStandard(LayerRule rule) => _standard.Any(s => s.Rule == rule);
}
