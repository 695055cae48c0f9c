using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>Planes to colours and back.</summary>
internal sealed class CudaColors(CudaImageMath owner, ColorSpace space) : IPlaneColors
{
    private readonly float[] _matrix = space.Matrix;

    public void Forward(ReadOnlySpan<float> planes, Span<float> colors)
    {
        lock (owner.Enter())
        {
            int plane = planes.Length / 3;
            ulong input = owner.Scratch.Put(0, planes), matrix = owner.Scratch.Put(1, _matrix),
                output = owner.Scratch.Take(2, planes.Length);
            owner.Backend.Kernels.LaunchOver(owner.Backend.Stream, "colors_forward", plane, 1, input, matrix, output, plane, (long)plane);
            owner.Backend.Stream.Download(output, colors[..planes.Length]);
        }
    }

    public void Backward(ReadOnlySpan<float> colors, ReadOnlySpan<float> gradient, Span<float> planes)
    {
        lock (owner.Enter())
        {
            int plane = planes.Length / 3;
            ulong rgb = owner.Scratch.Put(0, colors), upstream = owner.Scratch.Put(1, gradient), matrix = owner.Scratch.Put(2, _matrix),
                output = owner.Scratch.Take(3, planes.Length);
            owner.Backend.Kernels.LaunchOver(owner.Backend.Stream, "colors_backward", plane, 1, rgb, upstream, matrix, output, plane,
                (long)plane);
            owner.Backend.Stream.Download(output, planes);
        }
    }

    public float[] PlanesOf(ReadOnlySpan<float> colors) => space.PlanesOf(colors);
}
