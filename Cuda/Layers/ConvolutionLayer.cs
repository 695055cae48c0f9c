using Interp.Cuda.Driver;
using Interp.Cuda.Products;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A convolution, its bias, and the rectifier behind it in one kernel with the bias.</summary>
internal sealed class ConvolutionLayer : CudaLayer
{
    private readonly IConvolution _convolution;
    private readonly DeviceMemory? _bias;
    private readonly Shape _output;
    private readonly bool _rectified;

    internal ConvolutionLayer(CudaBackend backend, Node node, Conv2d layer, Shape input, Shape output, bool rectified, bool backward) : base(backend)
    {
        (_output, _rectified) = (output, rectified);
        _bias = layer.Bias ? backend.Weights.Get(node.Weights[1]) : null;
        _convolution = backend.CreateConvolution(new ConvolutionTask(layer, node.Weights[0], input, output, backward));
    }

    internal override long WorkspaceBytes => _convolution.WorkspaceBytes;

    internal override void Forward(LayerRun run)
    {
        _convolution.Forward(run.Inputs[0], run.Output, run.Workspace, _bias is null ? default : new Epilogue(_bias.Address, _rectified));
        int plane = _output[2] * _output[3];
        if (_bias is null && _rectified)
        {
            Backend.Kernels.LaunchOver(Backend.Stream, "relu_forward", _output.Count, 1, run.Output, run.Output, _output.Count);
        }
        else if (_bias is not null && !_convolution.HasEpilogue)
        {
            Backend.Kernels.LaunchPlanes(
                Backend.Stream, _rectified ? "bias_relu_forward" : "bias_forward", (long)_output[0] * _output[1], plane, 1, run.Output, _bias.Address, _output[1], plane);
        }
    }

    internal override void Backward(LayerRun run, ReluRule rule) =>
        _convolution.BackwardData(run.OutputGradient, run.InputGradients[0], run.Workspace);

    public override void Dispose()
    {
        _convolution.Dispose();
        base.Dispose();
    }
}
