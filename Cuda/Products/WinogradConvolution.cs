using Interp.Engine.Layers;

namespace Interp.Cuda.Products;

/// <summary>
/// Convolution by filters of 3×3 with stride 1 by Winograd's F(4×4, 3×3), in both directions: tiles' inputs are transformed, multiplied
/// with the transformed
/// filters as 36 matrix products, and transformed back, bias and rectifier included. Filters are transformed once, in float64, for each
/// direction that is
/// asked for.
/// A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", 2016, arXiv 1509.09308.
/// </summary>
internal sealed class WinogradConvolution : IConvolution
{
    private readonly WinogradPass _forward;
    private readonly WinogradPass? _backward;

    internal WinogradConvolution(WinogradConvolutions factory, in ConvolutionTask task)
    {
        Size2 padding = task.Layer.Window.Padding;
        _forward = new WinogradPass(factory, task, task.Input, task.Output, padding, gradient: false);
        _backward = task.Backward
            ? new WinogradPass(factory, task, task.Output, task.Input, new Size2(2 - padding.H, 2 - padding.W), gradient: true) : null;
    }

    public long WorkspaceBytes => Math.Max(_forward.WorkspaceBytes, _backward?.WorkspaceBytes ?? 0);

    public bool HasEpilogue => true;

    /// <summary>Whether there are transforms for a layer.</summary>
    internal static bool Can(Conv2d layer)
    {
        Window g = layer.Window;
        return g.Kernel == Size2.Square(3) && g.Stride == Size2.Square(1) && g.Dilation == Size2.Square(1)
            && g.Padding is { H: <= 2, W: <= 2 } && layer.Groups == 1;
    }

    public void Forward(ulong x, ulong y, ulong workspace) => _forward.Run(x, y, workspace);

    public void BackwardData(ulong upstream, ulong gradient, ulong workspace) => _backward!.Run(upstream, gradient, workspace);

    /// <summary>Does nothing: filters belong to the backend, the workspace to the session.</summary>
    public void Dispose()
    {
    }
}
