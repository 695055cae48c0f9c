using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>Operators that change no value of a network that runs: what turns its logits into probabilities, and what only training or
/// storage needs.</summary>
internal static class OutputOperators
{
    /// <summary>A softmax over all values of an image: the network ends before it.</summary>
    internal static GraphValue Softmax(OperatorCall call)
    {
        View input = call.View(0);
        bool together = call.Attributes.Int("flatten", 0) != 0;
        int rank = input.Shape.Length;
        int axis = Sizes.Axis(call.Attributes.Int("axis", together ? 1 : -1), rank);
        int size = together ? input.Shape.Skip(axis).Aggregate(1, (n, s) => n * s) : input.Shape[axis];
        return input.Layout.IsStraight && size == input.Layout.PerImage
            ? new Probabilities(input, OutputActivation.Softmax, call.Site)
            : throw new ModelException($"it runs along axis {axis} of a value of shape {Sizes.Show(input.Shape.AsSpan())}, of which "
                + $"{input.Layout.PerImage} numbers belong to an image; only one over all classes at a network's end can be read: networks "
                + "with attention are not supported yet");
    }

    /// <summary>The input itself.</summary>
    internal static GraphValue Identity(OperatorCall call) => call.Value(0) switch
    {
        View view => Same(call, view),
        Pending { Size: >= ElementwiseLowering.MaxSize } p => Same(call, call.Lowering.Settle(p, call.Node)),
        Pending p => new Pending(p.Element, ScalarFunction.Plain("Identity"), [new(null, p)], call.Site, call.Readers),
        var other => other,
    };

    /// <summary>A dropout, which does nothing outside of training.</summary>
    internal static GraphValue Dropout(OperatorCall call)
    {
        call.Attributes.Ignore("seed", "ratio");
        if (call.Parameter(2) is { } training && training.Read() is not [0])
        {
            throw new ModelException("it drops values as in training: export the network in evaluation mode (model.eval())");
        }

        return call.Node.Outputs.Skip(1).Any(o => o.Length > 0 && call.Lowering.Readers(o) > 0)
            ? throw new ModelException("its mask is used by other operators")
            : Identity(call);
    }

    /// <summary>Numbers of another type: the network computes in float32 here.</summary>
    internal static GraphValue Cast(OperatorCall call)
    {
        call.Attributes.Ignore("saturate", "round_mode");
        if (call.Node.Operator == "Cast")
        {
            long code = call.Attributes.Int("to", 0);
            if (OnnxTypes.Of(code) is not { IsFloat: true } and var type)
            {
                throw new ModelException(
                    $"values that depend on the image become {type?.Name ?? $"of number {code}"}, which has no gradient");
            }
        }

        return Identity(call);
    }

    /// <summary>The branch of a condition that is constant.</summary>
    internal static GraphValue If(OperatorCall call)
    {
        bool condition = call.Value(0) is ConstantValue constant
            ? constant.Block.Values is [not 0]
            : throw new ModelException("which branch is taken depends on the image");
        OperatorGraph then = call.Attributes.Graph("then_branch") ?? throw new ModelException("attribute 'then_branch' is missing");
        OperatorGraph otherwise = call.Attributes.Graph("else_branch") ?? throw new ModelException("attribute 'else_branch' is missing");
        call.Lowering.RunBranch(call.Node, condition ? then : otherwise);
        return call.Lowering.Find(call.Node.Outputs[0]);
    }

    private static View Same(OperatorCall call, View view) =>
        new(view.Node, view.Layout, view.Site, view.Sole && call.Readers == 1);
}
