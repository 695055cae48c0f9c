using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Relevance;

/// <summary>
/// Concept relevance propagation: how much of a decision passes through each channel of a layer, and which pixels it comes from there.
/// Relevance is handed down from the target's value by a composite of LRP to the layer, R; a channel's is R_k = Σ_yx R_kyx. Followed
/// further with all other channels set to 0, it gives the channel's conditional map R(x|{k}), and Σ_k R(x|{k}) is what reaches the input
/// through the layer: all of it where every path leads through the layer. It always starts from the target, never from the channel's own
/// activation, which would turn the map of a channel that speaks against the class. The same bits at any number of threads.
/// </summary>
/// <remarks>R. Achtibat, M. Dreyer, I. Eisenbraun, S. Bosse, T. Wiegand, W. Samek, S. Lapuschkin, "From attribution maps to
/// human-understandable explanations through concept relevance propagation", Nature Machine Intelligence 5, 2023, arXiv 2206.03208,
/// section 4.1.</remarks>
public sealed class ConceptRelevance
{
    /// <summary>The composite that is used unless another is given, as in the paper's code.</summary>
    public const string DefaultComposite = "epsilon-plus-flat";

    private readonly LrpMethod _method;

    /// <summary>Prepares a layer.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">One of its nodes.</param>
    /// <param name="composite">Which rule each layer follows; null for <see cref="DefaultComposite"/>.</param>
    /// <exception cref="InputException">The layer is the image itself or the output, or the composite does not fit the network.</exception>
    public ConceptRelevance(Explainer explainer, Node layer, Composite? composite = null)
    {
        if (layer.Id == 0)
        {
            throw new InputException($"layer {layer.Name}: that is the image itself; name a layer behind it");
        }

        if (layer.Id == explainer.Network.Output.Id)
        {
            throw new InputException($"layer {layer.Name}: that is the output itself, where relevance starts; name a layer before it");
        }

        (Explainer, Layer, Composite) = (explainer, layer, composite ?? Composite.Parse(DefaultComposite));
        _method = new LrpMethod(Composite);
        _method.Check(explainer.Network, _method.Configure());
    }

    /// <summary>The network, and where it runs.</summary>
    public Explainer Explainer { get; }

    /// <summary>The layer.</summary>
    public Node Layer { get; }

    /// <summary>Which rule each layer follows.</summary>
    public Composite Composite { get; }

    /// <summary>The channels' relevance for one image, ready to be followed to the input: one forward pass, and one walk to the layer. What
    /// the network's layers gave is held as long as the result is.</summary>
    /// <param name="input">The image.</param>
    /// <param name="target">A class's logit, a difference of logits, or a unit above the layer.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="InputException">The target does not depend on the layer.</exception>
    /// <exception cref="ModelException">The image's size does not fit the network, or a layer has no rule.</exception>
    public ImageRelevance Explain(NetworkInput input, Target target, CancellationToken cancel = default)
    {
        RequireOnTheWay(target);
        var request = new AttributionRequest(Explainer, input, target, _method.Configure()) { Cancel = cancel };
        var walk = new RelevanceWalk(request, Composite, Explainer.Network.Input, through: new Through(Layer, []));
        return new ImageRelevance(walk, this, target);
    }

    /// <summary>The channels' relevance alone: nothing below the layer is held or walked.</summary>
    /// <param name="input">The image.</param>
    /// <param name="target">What is explained; null for the logit of the image's own top class.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="InputException">The target does not depend on the layer, or the network has no classes.</exception>
    public ChannelRelevance Channels(NetworkInput input, Target? target = null, CancellationToken cancel = default)
    {
        if (target is null && Explainer.Network.Classes == 0)
        {
            throw new InputException(
                $"model {Explainer.Network.Name} has no classes, and relevance starts from each image's own; name a unit to explain");
        }

        RequireOnTheWay(target ?? new ClassTarget(0));
        var request = new AttributionRequest(Explainer, input, target ?? new ClassTarget(0), _method.Configure()) { Cancel = cancel };
        var walk = new RelevanceWalk(request, Composite, Layer, through: new Through(Layer, []));
        target ??= new ClassTarget(Array.IndexOf(walk.TopValues, walk.TopValues.Max()));
        float[] start = walk.SharesOf(target);
        return new ChannelRelevance(target, walk, start, walk.ToLayer([start])[0]);
    }

    /// <summary>
    /// How photos are ranked for a channel (relevance maximisation, RelMax): of each image the channels' relevance for its own top class as
    /// shares, R·sign(z) / Σ_k |R_k|, so that a channel's sum over its map is its share of the decision, −1 to 1.
    /// </summary>
    /// <param name="inputs">The images, all of one size.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>The shape, <c>[N,C,h,w]</c> or <c>[N,F]</c>, and the values, to be read as activations are: by <see
    /// cref="Examples.UnitExamples"/> or <see cref="Examples.UnitReading"/>.</returns>
    /// <exception cref="InputException">The network has no classes, or its output does not depend on the layer.</exception>
    public (Shape Shape, float[] Values) Shares(IReadOnlyList<NetworkInput> inputs, CancellationToken cancel = default)
    {
        ChannelRelevance[] all = [.. inputs.Select(input => Channels(input, null, cancel))];
        return (all[0].Shape.WithBatch(inputs.Count), [.. all.SelectMany(r => r.ShareMap())]);
    }

    private void RequireOnTheWay(Target target)
    {
        if (!GraphPaths.Lead(Explainer.Network, Layer, target.NodeIn(Explainer.Network)))
        {
            throw new InputException(
                $"layer {Layer.Name}: the {target.Description} does not depend on it; name a layer on the way to it");
        }
    }
}
