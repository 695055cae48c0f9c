using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>
/// How a layer runs on the device. Everything is queued in the backend's stream, and nothing waits or takes memory, so that the calls can
/// be recorded into a
/// graph. A new layer is one such class and its line in <see cref="Create"/>.
/// </summary>
internal abstract class CudaLayer(CudaBackend backend) : IDisposable
{
    /// <summary>Scratch that it needs while it runs.</summary>
    internal virtual long WorkspaceBytes => 0;

    /// <summary>What its forward pass leaves for its backward pass beside its output.</summary>
    internal virtual long RecordBytes => 0;

    internal virtual bool BackwardReadsOutput => false;

    internal virtual bool BackwardReadsInputs => false;

    protected CudaBackend Backend => backend;

    /// <summary>Computes the output.</summary>
    internal abstract void Forward(LayerRun run);

    /// <summary>Writes the gradient at each input whose address is not 0, from that at the output.</summary>
    internal abstract void Backward(LayerRun run, ReluRule rule);

    public virtual void Dispose()
    {
    }

    /// <summary>Whether a rectifier behind the layer can be part of it.</summary>
    internal static bool CanRectify(Layer layer) => layer is Conv2d or Linear;

    /// <summary>The values of a channel of an image.</summary>
    protected static int PlaneOf(Shape shape) => checked((int)(shape.Count / shape[0] / shape[1]));

    /// <summary>What runs a node's layer.</summary>
    /// <exception cref="BackendException">Nothing does.</exception>
    internal static CudaLayer Create(CudaBackend backend, Node node, Shape[] inputs, Shape output, bool rectified,
        SessionOptions options) => node.Layer switch
    {
        Conv2d layer => new ConvolutionLayer(backend, node, layer, inputs[0], output, rectified, options.Backward),
        Linear layer => new LinearLayer(backend, node, layer, output[0], rectified),
        ReLU => new ReluLayer(backend, output),
        MaxPool2d layer => new MaxPoolLayer(backend, layer, inputs[0], output),
        AdaptiveMaxPool2d layer => new MaxPoolLayer(backend, layer.At(inputs[0][2], inputs[0][3]), inputs[0], output),
        IPixelLayer layer => new PixelLayer(backend, layer, inputs[0], output),
        AdaptiveAvgPool2d => new AvgPoolLayer(backend, inputs[0], output),
        Softmax => new SoftmaxLayer(backend, output),
        Activation layer => new ActivationLayer(backend, layer.F, output, options.Backward),
        PReLU => new PReLULayer(backend, node, output, options.Backward),
        ChannelAffine => new AffineLayer(backend, node, output),
        GroupNorm layer => new GroupNormLayer(backend, node, layer, output),
        Extremum layer => new ExtremumLayer(backend, layer, output),
        LayerNorm layer => new LayerNormLayer(backend, node, layer, output),
        AvgPool2d layer => new MeanPoolLayer(backend, layer, inputs[0], output),
        Multiply => new MultiplyLayer(backend, inputs[0], inputs[1]),
        ChannelSlice layer => new MoveChannelsLayer(backend, inputs[0], output, layer.First, groups: 1),
        ChannelShuffle layer => new MoveChannelsLayer(backend, inputs[0], output, first: 0, layer.Groups),
        Add => new AddLayer(backend, output),
        Concat => new ConcatLayer(backend, inputs, output),
        Flatten or Dropout or Identity => new CopyLayer(backend, output),
        _ => throw new BackendException(
        $"layer '{node.Name}': the CUDA backend has no kernel for {node.Layer.Kind}; use option 'backend' cpu"),
    };
}
