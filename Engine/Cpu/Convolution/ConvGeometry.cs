using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The sizes of one convolution as the kernels see it. It covers both directions: the gradient of a strided convolution with respect to its
/// input is a
/// convolution of stride 1 over the upstream gradient with <c>stride − 1</c> zeros put between its elements (<see cref="Spread"/>), with
/// turned filters; the
/// zeros are never multiplied (<see cref="ConvPhases"/>).
/// </summary>
/// <param name="In">The tensor that is read.</param>
/// <param name="Out">The tensor that is written.</param>
/// <param name="Window">Taps, stride, padding in numbers and dilation; the padding may be negative, which crops. How much stands behind the
/// last row and column follows from the sizes, so kernels look at the padding at the start only.</param>
/// <param name="Spread">Distance in the virtual input between two elements of the real one.</param>
internal readonly record struct ConvGeometry(Blocked In, Blocked Out, Window Window, Size2 Spread)
{
    /// <summary>The forward convolution.</summary>
    public static ConvGeometry Forward(Blocked x, Blocked y, Window window) => new(x, y, window, Size2.Square(1));

    /// <summary>The gradient with respect to the input: reads the gradient at y, writes that at x.</summary>
    public static ConvGeometry Backward(Blocked x, Blocked y, Window w) => new(y, x, w with
    {
        Stride = Size2.Square(1),
        Padding = new Size2(w.Dilation.H * (w.Kernel.H - 1) - w.Padding.H, w.Dilation.W * (w.Kernel.W - 1) - w.Padding.W),
    }, w.Stride);

    /// <summary>Whether each output pixel depends on the input pixel at the same place only.</summary>
    public bool IsPointwise =>
        Window.Kernel == Size2.Square(1) && Window.Stride == Size2.Square(1) && Window.Padding == default && Spread == Size2.Square(1)
        && (In.H, In.W) == (Out.H, Out.W); // Not with padding, or cropping, at the end only.

    /// <summary>The same pointwise convolution with each image as one long row.</summary>
    public ConvGeometry AsOneRow() => this with { In = In with { H = 1, W = In.H * In.W }, Out = Out with { H = 1, W = Out.H * Out.W } };
}
