using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference.Kernels;
using Interp.Engine.Rules;

namespace Interp.Engine.Reference;

/// <summary>Which kernel runs which layer.</summary>
internal static class LayerKernels
{
    /// <summary>Computes a node's activation, and its decisions if it makes any, from its inputs' activations.</summary>
    internal static void Forward(NodeState node, ReadOnlySpan<NodeState> inputs)
    {
        Tensor64 y = node.Activation;
        switch (node.Node.Layer)
        {
            case Conv2d conv:
                Conv2dKernel.Forward(At(conv, inputs[0]), inputs[0].Activation, node.Weights, y);
                break;
            case Linear linear:
                LinearKernel.Forward(linear, inputs[0].Activation, node.Weights, y);
                break;
            case ReLU:
                node.Active = ReluKernel.Forward(inputs[0].Activation, y);
                break;
            case MaxPool2d or AdaptiveMaxPool2d:
                node.Switches = MaxPool2dKernel.Forward(
                    MaxPool2d.Of(node.Node.Layer, inputs[0].Activation.Shape)!, inputs[0].Activation, y);
                break;
            case IPixelLayer layer:
                PixelKernel.Forward(layer, inputs[0].Activation, y);
                break;
            case AdaptiveAvgPool2d:
                AdaptiveAvgPool2dKernel.Forward(inputs[0].Activation, y);
                break;
            case Softmax:
                SoftmaxKernel.Forward(inputs[0].Activation, y);
                break;
            case Add:
                Array.Clear(y.Values);
                foreach (NodeState input in inputs)
                {
                    SumKernel.Accumulate(input.Activation, y);
                }

                break;
            case Concat:
                int channel = 0;
                foreach (NodeState input in inputs)
                {
                    ConcatKernel.Forward(input.Activation, y, channel);
                    channel += input.Activation.C;
                }

                break;
            case Activation activation:
                node.Slopes = ActivationKernel.Forward(activation.F, inputs[0].Activation.Values, y.Values);
                break;
            case PReLU:
                node.Slopes = PReLUKernel.Forward(inputs[0].Activation, node.Weights[0], y);
                break;
            case ChannelAffine:
                ChannelAffineKernel.Forward(inputs[0].Activation, node.Weights, y);
                break;
            case GroupNorm norm:
                NormKernel.Forward(norm, inputs[0].Activation, node.Weights, y);
                break;
            case Extremum extremum:
                ExtremumKernel.Forward(extremum, inputs[0].Activation, inputs[1].Activation, y);
                break;
            case LayerNorm norm:
                NormKernel.Forward(norm, inputs[0].Activation, node.Weights, y);
                break;
            case AvgPool2d pool:
                AvgPool2dKernel.Forward(pool, inputs[0].Activation, y);
                break;
            case Frame frame:
                FrameKernel.Forward(frame, inputs[0].Activation, node.Known!, node.Places, y);
                break;
            case Multiply:
                MultiplyKernel.Forward(inputs[0].Activation, inputs[1].Activation, y);
                break;
            case ChannelSlice slice:
                ChannelMoveKernel.Forward(slice, inputs[0].Activation, y);
                break;
            case ChannelShuffle shuffle:
                ChannelMoveKernel.Forward(shuffle, inputs[0].Activation, y);
                break;
            case Flatten or Dropout or Identity:
                inputs[0].Activation.Values.CopyTo(y.Values, 0);
                break;
            default:
                throw Unsupported(node.Node);
        }
    }

    /// <summary>Adds to each input's gradient what a node hands down.</summary>
    internal static void Backward(NodeState node, ReadOnlySpan<NodeState> inputs, ReluRule rule)
    {
        Tensor64 upstream = node.Gradient!;
        switch (node.Node.Layer)
        {
            case Conv2d conv:
                Conv2dKernel.Backward(At(conv, inputs[0]), upstream, node.Weights[0], inputs[0].Gradient!);
                break;
            case Linear linear:
                LinearKernel.Backward(linear, upstream, node.Weights[0], inputs[0].Gradient!);
                break;
            case ReLU:
                ReluKernel.Backward(rule, node.ImposedActive ?? node.Active!, upstream, inputs[0].Gradient!);
                break;
            case IPixelLayer layer:
                PixelKernel.Backward(layer, upstream, inputs[0].Gradient!);
                break;
            case MaxPool2d or AdaptiveMaxPool2d:
                MaxPool2dKernel.Backward(node.ImposedSwitches ?? node.Switches!, upstream, inputs[0].Gradient!);
                break;
            case AdaptiveAvgPool2d:
                AdaptiveAvgPool2dKernel.Backward(upstream, inputs[0].Gradient!);
                break;
            case Softmax:
                SoftmaxKernel.Backward(node.Activation, upstream, inputs[0].Gradient!);
                break;
            case Concat:
                int channel = 0;
                foreach (NodeState input in inputs)
                {
                    ConcatKernel.Backward(upstream, input.Gradient!, channel);
                    channel += input.Gradient!.C;
                }

                break;
            case Activation activation:
                ActivationKernel.Backward(rule.For(activation.F), node.ImposedSlopes ?? node.Slopes!, upstream, inputs[0].Gradient!);
                break;
            case PReLU:
                ActivationKernel.Backward(rule, node.ImposedSlopes ?? node.Slopes!, upstream, inputs[0].Gradient!);
                break;
            case ChannelAffine:
                ChannelAffineKernel.Backward(upstream, node.Weights[0], inputs[0].Gradient!);
                break;
            case GroupNorm norm:
                NormKernel.Backward(norm, inputs[0].Activation, upstream, node.Weights[0], inputs[0].Gradient!);
                break;
            case Extremum extremum:
                ExtremumKernel.Backward(extremum, inputs[0], inputs[1], upstream);
                break;
            case LayerNorm norm:
                NormKernel.Backward(norm, inputs[0].Activation, upstream, node.Weights[0], inputs[0].Gradient!);
                break;
            case AvgPool2d pool:
                AvgPool2dKernel.Backward(pool, upstream, inputs[0].Gradient!);
                break;
            case Multiply:
                MultiplyKernel.Backward(
                    inputs[0].Activation, inputs[1].Activation, upstream, inputs[0].Gradient!, inputs[1].Gradient!);
                break;
            case ChannelSlice slice:
                ChannelMoveKernel.Backward(slice, upstream, inputs[0].Gradient!);
                break;
            case ChannelShuffle shuffle:
                ChannelMoveKernel.Backward(shuffle, upstream, inputs[0].Gradient!);
                break;
            case Add or Flatten or Dropout or Identity:
                foreach (NodeState input in inputs)
                {
                    SumKernel.Accumulate(upstream, input.Gradient!);
                }

                break;
            default:
                throw Unsupported(node.Node);
        }
    }

    /// <summary>On which piece of a layer's function a value lies, for functions whose slope jumps; null for other layers.</summary>
    internal static Func<double, int>? Pieces(Layer layer) => layer switch
    {
        Activation { F: { Kinks.IsEmpty: false } f } => f.Piece,
        PReLU => x => x > 0 ? 1 : 0,
        _ => null,
    };

    /// <summary>The slopes of an activation, or of a layer with a slope for each channel, at some inputs.</summary>
    internal static double[] Slopes(NodeState node, double[] inputs) => node.Node.Layer is Activation { F: var f }
        ? Array.ConvertAll(inputs, x => f.At(x).Slope)
        : PReLUKernel.Slopes(node.Activation, node.Weights[0], inputs);

    private static Conv2d At(Conv2d layer, NodeState input) =>
        layer with { Window = layer.Window.At(input.Activation.H, input.Activation.W) };

    private static BackendException Unsupported(Node node) =>
        new($"layer '{node.Name}': the reference backend has no kernel for {node.Layer.Kind}");
}
