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
    private readonly Epilogue _epilogue;
    private readonly Shape _output;

    internal ConvolutionLayer(CudaBackend backend, Node node, Conv2d layer, Shape input, Shape output, bool rectified, bool backward)
        : base(backend)
    {
        _output = output;
        _epilogue = new Epilogue(layer.Bias ? backend.Weights.Get(node.Weights[1]).Address : 0, rectified);
        Conv2d placed = layer with { Window = layer.Window.At(input[2], input[3]) };
        _convolution = backend.CreateConvolution(new ConvolutionTask(placed, node.Weights[0], input, output, backward, _epilogue));
    }

    internal override long WorkspaceBytes => _convolution.WorkspaceBytes;

    internal override void Forward(LayerRun run)
    {
        _convolution.Forward(run.Inputs[0], run.Output, run.Workspace);
        int plane = _output[2] * _output[3];
        if (_epilogue is { Bias: 0, Rectifies: true })
        {
            Backend.Kernels.LaunchOver(Backend.Stream, "relu_forward", _output.Count, 1, run.Output, run.Output, _output.Count);
        }
        else if (_epilogue.Bias != 0 && !_convolution.HasEpilogue)
        {
            Backend.Kernels.LaunchPlanes(
                Backend.Stream, _epilogue.Rectifies ? "bias_relu_forward" : "bias_forward", (long)_output[0] * _output[1], plane, 1,
                run.Output, _epilogue.Bias, _output[1], plane);
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
