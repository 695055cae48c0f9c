using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// The channels θ of a layer through which alone a walk is followed: R ← R ⊙ [k ∈ θ] at the layer. Defined for every method that hands
/// values down by rules that are linear in them: relevance, winning probabilities, and DeepLIFT's multipliers.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Channels">θ, 0-based, each once; all of them keep what passes through the layer and leave out what leads around it.</param>
internal sealed record Through(Node Layer, ImmutableArray<int> Channels)
{
    private const string Everything = "all";
    private const string Every = "all";
    private const string Form = "LAYER:K[,K...]";

    private static readonly string s_expected =
        $"a layer and channels of it, {Form} such as features.28:264,12-15, or '{Everything}'";

    /// <summary>The option of the methods that take it.</summary>
    public static MethodOption<string> Option { get; } = new(
        "through", $"follow only what passes through channels of a layer, features.28:264,12-15; '{Everything}' is everything", Everything,
        text => text == Everything || text.LastIndexOf(':') > 0 ? text : throw new InputException($"expected {s_expected}"),
        text => text, Form, s_expected);

    /// <summary>What the option says, or null for everything.</summary>
    /// <exception cref="InputException">The layer or a channel does not exist.</exception>
    public static Through? Of(Network network, OptionValues values) =>
        values.Get(Option) is var text && text == Everything ? null : Parse(text, network);

    /// <summary>Reads <c>LAYER:K[,K...]</c>.</summary>
    /// <inheritdoc cref="Of"/>
    public static Through Parse(string text, Network network)
    {
        int colon = text.LastIndexOf(':');
        Node layer = network.Find(text[..colon]);
        if (layer.Id == 0)
        {
            throw new InputException($"option 'through' {text}: that is the image itself; name a layer behind it");
        }

        int count = network.OwnShapes[layer.Id][1];
        string list = text[(colon + 1)..];
        if (list == Every)
        {
            return new Through(layer, [.. Enumerable.Range(0, count)]);
        }

        int[] channels = [.. list.Split(',').SelectMany(part => Range(part.Trim(), count) ?? throw new InputException(
            $"option 'through' {text}: '{part}' is no channel of {layer.Name}, expected numbers and ranges from 0 to {count - 1}, or "
            + $"'{Every}'"))];
        int twice = channels.GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key).FirstOrDefault(-1);
        return twice < 0
            ? new Through(layer, [.. channels.Order()])
            : throw new InputException(
            $"option 'through' {text}: channel {twice} stands there twice; these are channels, without places in their maps");
    }

    /// <summary>Checks that values pass through the layer on their way down.</summary>
    /// <exception cref="InputException">The target does not depend on the layer, or that not on the end.</exception>
    public void RequireBetween(Network network, Target target, Node top, Node end)
    {
        if (!GraphPaths.Lead(network, Layer, top))
        {
            throw new InputException(
                $"option 'through' {Layer.Name}: the {target.Description} does not depend on it; name a layer on the way to it");
        }

        if (!GraphPaths.Lead(network, end, Layer))
        {
            throw new InputException(
                $"option 'through' {Layer.Name}: {end.Name}, where the method ends, is not below it; name a layer between {end.Name} and "
                + "the target");
        }
    }

    /// <summary>R ⊙ [k ∈ θ].</summary>
    /// <exception cref="InputException">For this image the layer has fewer channels.</exception>
    public float[] Keep(float[] relevance, Shape shape)
    {
        var kept = new float[relevance.Length];
        int plane = relevance.Length / shape[1];
        foreach (int k in Channels)
        {
            if (k >= shape[1])
            {
                throw new InputException(
                    $"option 'through' {Layer.Name}: for this image it gives {shape}, expected channels below {shape[1]}");
            }

            relevance.AsSpan(k * plane, plane).CopyTo(kept.AsSpan(k * plane));
        }

        return kept;
    }

    private static IEnumerable<int>? Range(string part, int count)
    {
        int dash = part.IndexOf('-', StringComparison.Ordinal);
        return Number(dash < 0 ? part : part[..dash]) is var first and >= 0 && Number(dash < 0 ? part : part[(dash + 1)..]) is var last
            && first <= last && last < count
            ? Enumerable.Range(first, last - first + 1)
            : null;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1;
}
