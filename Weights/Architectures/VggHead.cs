using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// What follows a VGG's <c>features</c>: an average pool whose size the first linear layer's width tells, and the linear layers:
/// <c>classifier.N</c> with ReLU, dropout and batch norm between them; timm's <c>pre_logits</c> and <c>head.fc</c>; or a single one of any
/// name.
/// </summary>
/// <param name="dict">The state dict.</param>
/// <param name="plan">The network so far.</param>
/// <param name="channels">Channels of the last maps.</param>
/// <param name="map">Sides of the last maps.</param>
/// <param name="input">Sides of the input that gives such maps, for messages.</param>
internal sealed class VggHead(StateDict dict, ModelPlan plan, int channels, Sides map, Sides input)
{
    private const string Classifier = "classifier";
    private const string TimmFirst = "pre_logits.fc1";

    private readonly LinearHead _head = new(dict, plan, Classifier);

    /// <summary>Appends the head.</summary>
    /// <exception cref="ModelException">It is missing, or of a form that is not known.</exception>
    internal void Add()
    {
        if (dict.Rank($"{TimmFirst}.weight") == 4)
        {
            AddTimm();
            return;
        }

        _head.Add(_head.First() is { } first ? AddPool(first, rank: 2) : 0);
    }

    /// <summary>timm's head: the first two linear layers are convolutions over maps that they cover whole.</summary>
    private void AddTimm()
    {
        const string Second = "pre_logits.fc2", Last = "head.fc";
        int kernel = dict.Require($"{TimmFirst}.weight", rank: 4).Shape[2];
        if (Math.Max(map.Height, map.Width) > kernel)
        {
            int fits = input.Shorter / map.Shorter * kernel;
            throw new ModelException($"{TimmFirst}.weight is a {kernel}x{kernel} convolution, which would slide over the {map.Both} maps "
                + "that input size "
                + $"{input} gives; "
                + $"{(fits >= 32 ? $"take option 'input-size' {fits}" : "only one that covers the maps whole can be read")}");
        }

        bool noBias = _head.NoBias([TimmFirst, Second, Last]);
        int width = _head.AddLinear(TimmFirst, AddPool(TimmFirst, rank: 4), "flatten", noBias, null, null);
        plan.Then("pre_logits.act1", new ReLU()).Then("pre_logits.drop", new Dropout());
        width = _head.AddLinear(Second, width, TimmFirst, noBias, null, null);
        plan.Then("pre_logits.act2", new ReLU()).Then("head.drop", new Dropout());
        _head.AddLinear(Last, width, Second, noBias, null, null);
    }

    /// <summary>The first linear layer takes C·s² features, which gives the size s of the average pool.</summary>
    private int AddPool(string first, int rank)
    {
        (_, Shape shape) = dict.Require($"{first}.weight", rank);
        int features = (int)Math.Min(int.MaxValue, shape.Count / shape[0]);
        int size = (int)Math.Round(Math.Sqrt(features / (double)channels));
        if ((long)size * size * channels != features || size == 0)
        {
            throw new ModelException($"{first}.weight {shape} takes {features} features, expected {channels} channels times a square: an "
                + "average pool to s x s maps; only such networks can be read");
        }

        string doubt = size > map.Shorter
            ? ", which are smaller, so that rows repeat: is option 'input-size' right, and are the pools (option 'pools')?" : "";
        plan.Assume($"an adaptive average pool gives {size}x{size} maps (from {first}'s {features} inputs), at input size {input} of "
            + $"{map.Both} maps{doubt}");
        plan.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(size))).Then("flatten", new Flatten());
        return features;
    }
}
