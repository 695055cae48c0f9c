using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Operators;

/// <summary>Conv.</summary>
internal static class ConvolutionOperators
{
    private const string BatchNormSuffix = "_bias";

    /// <summary>A convolution over images; zeros around its input become its padding.</summary>
    internal static GraphValue Conv(OperatorCall call)
    {
        (GraphTensor weight, ImmutableArray<int> shape) = call.Parameter(1, rank: 4);
        long groups = call.Attributes.Int("group", 1);
        Window window = Windows.Of(call, new(shape[2], shape[3]));
        View input = call.View(0);
        if (ZeroBorder.Of(input) is { } border)
        {
            window = Windows.Enlarged(window, border, input.Shape[2], input.Shape[3]);
            input = new View(input.Node, Layout.Plain(input.Node.Shape, call.Batch), input.Site, sole: false);
        }

        bool pixel = input.Shape is [_, _, 1, 1] && window == Window.Square(1) with { Stride = window.Stride, Dilation = window.Dilation };
        if (pixel && groups == 1 && input.Shape[0] == call.Batch && call.Lowering.Maps.Find(input) is null)
        {
            return LinearOperators.Features(call, input, weight, shape[0], transposed: false, 1, Bias(call, shape[0]));
        }

        EmittedNode from = call.Lowering.Maps.Of(input, call.Node).Node;
        int channels = from.Shape[1];
        if (groups < 1 || groups * shape[1] != channels)
        {
            throw new ModelException($"the weight [{string.Join(',', shape)}] in {groups} groups takes {groups * shape[1]} input channels, "
                + $"the input has {channels}");
        }

        Func<string, TensorRecipe>? bias = Bias(call, shape[0]);
        var layer = new Conv2d(channels, shape[0], window, (int)groups, bias is not null);
        string? module = ModuleOfWeight(call);
        EmittedNode made = call.Lowering.Network.Add(new EmittedNode(layer, [from], layer.Infer([from.Shape]), call.Site, "conv2d")
        {
            Tensors = [OperatorCall.Recipe(weight, new Shape(shape.AsSpan())), .. bias is null ? [] : new[] { bias }],
            Module = module,
        });
        return call.Plain(module is null ? made : call.Emit(new Identity(), "batch_norm", made));
    }

    /// <summary>The bias, or null where there is none.</summary>
    internal static Func<string, TensorRecipe>? Bias(OperatorCall call, int outputs)
    {
        if (call.Parameter(2) is not { } bias)
        {
            return null;
        }

        return bias.Shape is [var length] && length == outputs ? OperatorCall.Recipe(bias, new Shape(outputs))
            : throw new ModelException($"the bias has the shape [{string.Join(',', bias.Shape)}], expected [{outputs}]");
    }

    /// <summary>
    /// PyTorch's second exporter merges a batch norm into the convolution before it, and calls the result after the batch norm's module
    /// and its bias after the weight: the convolution's own module is that of the weight. Null where it is the operator's.
    /// </summary>
    internal static string? ModuleOfWeight(OperatorCall call)
    {
        string weight = call.Node.Inputs[1];
        if (call.Node.Module is not { Length: > 0 } module || !weight.EndsWith(".weight", StringComparison.Ordinal)
            || !call.Has(2) || call.Node.Inputs[2] != weight + BatchNormSuffix)
        {
            return null;
        }

        string own = weight[..^".weight".Length];
        return own != module && Parent(own) == Parent(module) ? own : null;
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('.'))];
}
