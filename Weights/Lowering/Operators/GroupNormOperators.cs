using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>InstanceNormalization and GroupNormalization: statistics of each image's groups of channels.</summary>
internal static class GroupNormOperators
{
    private const double UsualEpsilon = 1e-5;

    /// <summary>Each channel by itself. A group norm is written so too, as one of a value whose channels are the groups.</summary>
    internal static GraphValue InstanceNorm(OperatorCall call)
    {
        View input = call.View(0);
        int groups = input.Shape.Length >= 2 ? input.Shape[1] : 0;
        Require(call, input, groups);
        int each = input.Layout.Channels / groups;
        return Make(call, input, groups, Repeated(call, 1, groups, each), Repeated(call, 2, groups, each));
    }

    /// <summary>Groups of neighbouring channels.</summary>
    internal static GraphValue GroupNorm(OperatorCall call)
    {
        View input = call.View(0);
        call.Attributes.Ignore("stash_type");
        int channels = input.Shape.Length >= 2 ? input.Shape[1] : 0;
        int groups = (int)Math.Clamp(call.Attributes.Int("num_groups", 0), 0, channels);
        Require(call, input, groups);
        int each = channels == input.Layout.Channels ? 1
            : throw Maps.Refused(input, call.Node, "whole channels along axis 1");
        return Make(call, input, groups, Repeated(call, 1, channels, each), Repeated(call, 2, channels, each));
    }

    private static View Make(OperatorCall call, View input, int groups, double[] gamma, double[] beta)
    {
        double epsilon = call.Attributes.Float("epsilon", UsualEpsilon);
        EmittedNode made = call.Emit(new GroupNorm(groups, gamma.Length, epsilon), groups == gamma.Length ? "instance_norm" : "group_norm",
            input.Node, OperatorCall.Recipe(gamma), OperatorCall.Recipe(beta));
        return call.At(made, input.Layout);
    }

    /// <summary>All elements in their order, axis 1 being groups of whole channels.</summary>
    private static void Require(OperatorCall call, View input, int groups)
    {
        if (groups < 1 || !input.Layout.IsStraight || input.Shape[0] != call.Batch || input.Layout.Channels % groups != 0)
        {
            throw Maps.Refused(input, call.Node, $"images of whole channels along axis 1, in {groups} groups: the input's shape is "
                + $"{Sizes.Show(input.Shape.AsSpan())}");
        }
    }

    private static double[] Repeated(OperatorCall call, int input, int count, int each)
    {
        double[] values = call.Vector(input, count) ?? throw new ModelException($"input {input} is missing");
        return [.. values.SelectMany(v => Enumerable.Repeat(v, each))];
    }
}
