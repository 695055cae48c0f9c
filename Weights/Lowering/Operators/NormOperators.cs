using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Operators;

/// <summary>BatchNormalization and LayerNormalization.</summary>
internal static class NormOperators
{
    /// <summary>A batch norm in evaluation mode: merged into the layer before it where nothing else reads that, else a layer.</summary>
    internal static GraphValue BatchNorm(OperatorCall call)
    {
        double epsilon = call.Attributes.Float("epsilon", BatchNormFold.StandardEpsilon);
        call.Attributes.Ignore("momentum");
        if (call.Attributes.Int("training_mode", 0) != 0 || call.Node.Outputs.Count(o => o.Length > 0) > 1)
        {
            throw new ModelException("it computes the statistics of the batch, as in training: export the network in evaluation mode "
                + "(model.eval())");
        }

        if (call.Attributes.Int("spatial", 1) != 1)
        {
            throw new ModelException("attribute 'spatial' is 0: statistics for each place of a map; only those of whole channels can "
                + "be read");
        }

        View input = call.View(0);
        input = input.Layout.HasZeros ? call.Map(0) : input;
        int channels = input.Shape.Length >= 2 ? input.Shape[1]
            : throw new ModelException($"an input of shape {Sizes.Show(input.Shape.AsSpan())}, expected [N,C,...]");
        double[] mean = Numbers(3), variance = Numbers(4), gamma = Numbers(1), beta = Numbers(2);
        if (Array.FindIndex(variance, v => v < 0) is >= 0 and var bad)
        {
            throw new ModelException($"the variance holds {variance[bad]} at channel {bad}: a variance cannot be negative");
        }

        double[] scale = [.. gamma.Select((g, c) => g / Math.Sqrt(variance[c] + epsilon))];
        var fold = new BatchNormFold(scale, mean, beta);
        EmittedNode node = input.Node;
        if (input.Sole && AffineLayers.Merge(node, fold))
        {
            bool named = call.Node.Module is { } module && module != node.Site!.Operator.Module;
            return new View(named ? call.Emit(new Identity(), "batch_norm", node) : node, input.Layout, input.Site, call.Readers == 1);
        }

        EmittedNode made = call.Emit(
            new ChannelAffine(scale.Length), "batch_norm", node, n => fold.Scale(n), n => fold.Shift(n));
        return call.At(made, input.Layout);

        double[] Numbers(int index)
        {
            double[] values = call.Vector(index, channels) ?? throw new ModelException($"input {index} is missing");
            ImmutableArray<int> shape = [channels, .. Enumerable.Repeat(1, input.Shape.Length - 2)];
            return AffineForm.Spread(ChannelValues.Of(input.Layout, new Block<double>(shape, values))
                ?? throw Maps.Refused(input, call.Node, "whole channels along axis 1"), input.Layout.Channels);
        }
    }

    /// <summary>A rectifier with a slope below 0 for each channel.</summary>
    internal static GraphValue PRelu(OperatorCall call)
    {
        View input = call.View(0);
        GraphTensor slope = call.Parameter(1) ?? throw new ModelException("input 1 is missing");
        var block = new ConstantValue(slope).Block;
        double[] slopes = ChannelValues.Of(input.Layout, block)
            ?? throw new ModelException($"slopes of shape {Sizes.Show(block.Shape.AsSpan())} differ within the channels of a value of "
                + $"shape {Sizes.Show(input.Shape.AsSpan())}; only one slope, or one for each channel, can be used");
        EmittedNode made = slopes is [var one]
            ? call.Emit(Activation.Of(ActivationFunctions.LeakyReLU.With(one)), "prelu", input.Node)
            : call.Emit(new PReLU(slopes.Length), "prelu", input.Node, OperatorCall.Recipe(slopes));
        return call.At(made, input.Layout);
    }

    /// <summary>A layer norm over the channels of each pixel.</summary>
    internal static GraphValue LayerNorm(OperatorCall call)
    {
        double epsilon = call.Attributes.Float("epsilon", 1e-5);
        call.Attributes.Ignore("stash_type");
        View input = call.View(0);
        int rank = input.Shape.Length;
        int axis = Sizes.Axis(call.Attributes.Int("axis", -1), rank);
        if (axis != rank - 1)
        {
            throw new ModelException($"it normalises over axes {axis} to {rank - 1} of {Sizes.Show(input.Shape.AsSpan())} together; only a "
                + "layer norm over the channels of each pixel can be read");
        }

        if (call.Node.Outputs.Skip(1).Any(o => o.Length > 0 && call.Lowering.Readers(o) > 0))
        {
            throw new ModelException("its mean or deviation is used by other operators");
        }

        int channels = input.Shape[^1];
        double[] gamma = call.Vector(1, channels) ?? throw new ModelException("input 1 is missing");
        return Make(call, input, epsilon, gamma, call.Vector(2, channels) ?? new double[channels]);
    }

    /// <summary>The layer over a view whose last axis are the channels.</summary>
    internal static View Make(OperatorCall call, View input, double epsilon, double[] gamma, double[] beta)
    {
        if (input.Layout.PerPixel(input.Node.Shape) is not { } layout)
        {
            throw Maps.Refused(input, call.Node,
                "rows of channels of a pixel: only a layer norm over the channels of each pixel can be read");
        }

        EmittedNode made = call.Emit(new LayerNorm(gamma.Length, epsilon), "layer_norm", input.Node,
            OperatorCall.Recipe(gamma), OperatorCall.Recipe(beta));
        return call.At(made, layout);
    }
}
