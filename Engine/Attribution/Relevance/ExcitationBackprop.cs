using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Excitation backpropagation: marginal winning probabilities P_i = Σ_j x_i w⁺_ij P_j / Σ_i x_i w⁺_ij, which start as 1 at the target (1/HW
/// at each place of a channel, −1 at the class against) and are handed down to a layer in the middle, whose channels are added up. Without
/// <c>--layer</c> it is the first layer at an eighth of the image's size through which all paths to the target go, VGG's third pool, as in
/// the paper's experiments. The contrastive form subtracts in the uppermost linear layer what the target's dual, with weights of the other
/// sign, would hand down, and keeps what is above zero.
/// </summary>
/// <remarks>J. Zhang, Z. Lin, J. Brandt, X. Shen, S. Sclaroff, "Top-down neural attention by excitation backprop", ECCV 2016.</remarks>
internal sealed class ExcitationBackprop : AttributionMethod
{
    private const string Automatic = "auto";
    private const int Reduction = 8;

    private static readonly MethodOption<string> LayerOption = MethodOption.Text(
        "layer", "layer whose winning probabilities are drawn; 'auto' is the first at an eighth of the image's size", Automatic, "LAYER");

    private static readonly MethodOption<bool> ContrastiveOption = MethodOption.Switch(
        "contrastive", "subtract what speaks against the target, and keep what is above zero");

    /// <inheritdoc/>
    public override string Name => "excitation-backprop";

    /// <inheritdoc/>
    public override string Title => "Excitation backpropagation";

    /// <inheritdoc/>
    public override string Summary => "how probable it is that each place wins when winners are drawn downwards by what excites them";

    /// <inheritdoc/>
    public override string Formula => "P_i = Σ_j x_i w⁺_ij P_j / Σ_i x_i w⁺_ij from 1 at the target down to the layer";

    /// <inheritdoc/>
    public override string Paper => "J. Zhang, Z. Lin, J. Brandt, X. Shen, S. Sclaroff, arXiv 1608.00507";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options { get; } = [LayerOption, ContrastiveOption, Through.Option];

    /// <inheritdoc/>
    public override void Check(Network network, OptionValues values) => Through.Of(network, values);

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        bool contrastive = request.Options.Get(ContrastiveOption);
        Node layer = LayerOf(request);
        Composite composite = contrastive ? Contrastive(request) : Composites.Excitation;
        using var walk = new RelevanceWalk(request, composite, layer, through: Through.Of(request.Network, request.Options));
        if (!walk.Reaches)
        {
            throw new InputException(
                $"option 'layer' {layer.Name}: the {request.Target.Description} does not depend on it; name a layer on the way to it");
        }

        float[] probabilities = walk.Run(walk.Gradient);
        (int height, int width) = (walk.EndShape[2], walk.EndShape[3]);
        var map = new float[height * width];
        for (int i = 0; i < probabilities.Length; i++)
        {
            map[i % map.Length] += probabilities[i];
        }

        if (contrastive)
        {
            map = [.. map.Select(p => MathF.Max(p, 0))];
        }

        RgbImage image = request.Input.Image;
        return new Explanation(Bilinear.Resize(map, (height, width), (image.Height, image.Width)))
        {
            Facts = [.. RelevanceFacts.Start(request.Target), new Fact("layer", layer.Name),
                new Fact("probability_at_layer", walk.Conservation.End), .. walk.Account?.Facts ?? [], .. walk.NegativeInputs],
            Diagnosis = walk.Account?.Diagnosis ?? [],
            Arrays = [new NamedArray("cam", new Shape(1, height, width), map)],
        };
    }

    private static Composite Contrastive(AttributionRequest request)
    {
        Network network = request.Network;
        Node top = request.Target.NodeIn(network);
        Node? uppermost = network.Nodes.LastOrDefault(n => n.Id <= top.Id && n.Layer is (Linear or Conv2d));
        var selector = new LayerSelector("the uppermost linear layer", (_, node) => node.Id == uppermost?.Id);
        return Composites.Excitation.With(new RuleFor(selector, new ContrastRule()) { MayBeIdle = true });
    }

    private Node LayerOf(AttributionRequest request)
    {
        Network network = request.Network;
        (int height, int width) = (request.Input.Image.Height, request.Input.Image.Width);
        Shape[] shapes = [.. network.Shapes(1, height, width)];
        Node top = request.Target.NodeIn(network);
        if (top.Id == 0)
        {
            throw new InputException(
                $"the {request.Target.Description} is the image itself: {Name} hands probabilities down from a layer above it; name a "
                + "unit of such a layer");
        }

        string name = request.Options.Get(LayerOption);
        if (name != Automatic)
        {
            Node chosen = network.Find(name);
            return shapes[chosen.Id].Rank == 4 && chosen.Id < top.Id
                ? chosen
                : throw new InputException(
                $"option 'layer' {name}: it gives {shapes[chosen.Id]}, expected a layer with maps [N,C,H,W] below '{top.Name}'");
        }

        Node[] maps = [.. network.Nodes.Where(n => n.Id < top.Id && shapes[n.Id].Rank == 4 && GraphPaths.Lead(network, n, top))];
        Node[] small = [.. maps.Where(n => shapes[n.Id][2] * Reduction <= height)];
        return Array.Find(small, n => GraphPaths.AllPass(network, n, top)) ?? small.FirstOrDefault() ?? maps[^1];
    }
}
