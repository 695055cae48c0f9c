using Interp.Cuda.Driver;
using Interp.Cuda.Products;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Cuda.Layers;

/// <summary>A fully connected layer, its bias, and the rectifier behind it in one kernel with the bias.</summary>
internal sealed class LinearLayer : CudaLayer
{
    /// <summary>Up to so many images own kernels read the weights anew for each.</summary>
    private const int FewImages = 8;

    private readonly Linear _layer;
    private readonly int _images;
    private readonly bool _rectified;
    private readonly DeviceMemory _weights;
    private readonly DeviceMemory? _bias;

    internal LinearLayer(CudaBackend backend, Node node, Linear layer, int images, bool rectified) : base(backend)
    {
        (_layer, _images, _rectified) = (layer, images, rectified);
        _weights = backend.Weights.Get(node.Weights[0]);
        _bias = layer.Bias ? backend.Weights.Get(node.Weights[1]) : null;
    }

    private bool HasOwnKernels => Backend.Product is KernelProduct && _images <= FewImages;

    internal override void Forward(LayerRun run)
    {
        if (HasOwnKernels)
        {
            Backend.Kernels.Launch(
                Backend.Stream, "linear_forward", ((uint)(_layer.OutFeatures + 7) / 8, (uint)_images, 1), _weights.Address, run.Inputs[0],
                run.Output, _layer.InFeatures, _layer.OutFeatures);
        }
        else
        {
            Backend.Product.Multiply(new Product(_images, _layer.OutFeatures, _layer.InFeatures) { TransposedB = true }, run.Inputs[0],
                _weights.Address, run.Output);
        }

        long values = (long)_images * _layer.OutFeatures;
        if (_bias is not null)
        {
            Backend.Kernels.LaunchOver(Backend.Stream, _rectified ? "bias_relu_rows" : "bias_rows", values, 1, run.Output, _bias.Address,
                _layer.OutFeatures, values);
        }
        else if (_rectified)
        {
            Backend.Kernels.LaunchOver(Backend.Stream, "relu_forward", values, 1, run.Output, run.Output, values);
        }
    }

    internal override void Backward(LayerRun run, ReluRule rule)
    {
        if (HasOwnKernels)
        {
            Backend.Kernels.Launch(
                Backend.Stream, "linear_backward", ((uint)(_layer.InFeatures + 31) / 32, (uint)_images, 1), _weights.Address,
                run.OutputGradient, run.InputGradients[0], _layer.InFeatures, _layer.OutFeatures);
        }
        else
        {
            Backend.Product.Multiply(new Product(_images, _layer.InFeatures, _layer.OutFeatures), run.OutputGradient, _weights.Address,
                run.InputGradients[0]);
        }
    }
}
