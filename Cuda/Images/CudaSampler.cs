using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>Bilinear sampling through an affine map; backward gathers, so that sums have one order.</summary>
internal sealed class CudaSampler(CudaImageMath owner, (int Height, int Width) from, (int Height, int Width) to, Affine map,
    bool greyOutside) : IImageSampler
{
    public void Forward(ReadOnlySpan<float> source, Span<float> result)
    {
        lock (owner.Enter())
        {
            ulong input = owner.Scratch.Put(0, source), output = owner.Scratch.Take(1, result.Length);
            Launch("sample_forward", input, output, result.Length, to);
            owner.Backend.Stream.Download(output, result);
        }
    }

    public void Backward(ReadOnlySpan<float> result, Span<float> source)
    {
        lock (owner.Enter())
        {
            ulong upstream = owner.Scratch.Put(0, result), gradient = owner.Scratch.Take(1, source.Length),
                sum = owner.Scratch.Put(2, source);
            Launch("sample_backward", upstream, gradient, source.Length, from);
            owner.Backend.Kernels.LaunchOver(owner.Backend.Stream, "add_to", source.Length, 1, sum, gradient, (long)source.Length);
            owner.Backend.Stream.Download(sum, source);
        }
    }

    private void Launch(string kernel, ulong input, ulong output, int values, (int Height, int Width) over)
    {
        int plane = over.Height * over.Width;
        owner.Backend.Kernels.LaunchPlanes(
            owner.Backend.Stream, kernel, values / plane, plane, 1, input, output, from.Height, from.Width, to.Height, to.Width,
            map.Xx, map.Xy, map.X, map.Yx, map.Yy, map.Y, greyOutside ? 1 : 0);
    }
}
