using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>
/// Makes variations of an image where sessions read them: what all of them share (image, fill, labels) comes to the device once, and of
/// each its numbers. Used inside the device's lock.
/// </summary>
internal sealed class CudaMasks(CudaImageMath owner) : IDisposable
{
    /// <summary>The environment variable that has masked images made on the host when it is 0.</summary>
    internal const string MasksVariable = "INTERP_CUDA_MASKS";

    private readonly bool _onHost = Environment.GetEnvironmentVariable(MasksVariable) == "0";
    private MaskedImages? _images;
    private DeviceMemory? _shared; // the image, the fill and the labels of these

    private ulong Image => _shared!.Address;

    private ulong Fill => Image + ((ulong)_images!.Image.Length * sizeof(float));

    private ulong Labels => Fill + ((ulong)_images!.Fill.Length * sizeof(float));

    internal void Make(MaskedImages images, int[] which, ulong to)
    {
        if (_onHost || !Launch(images, which, to))
        {
            var made = new HostValues(new float[which.Length * images.Image.Length]);
            HostImageMath.Instance.Fill(images, which, made);
            owner.Backend.Stream.Upload(made.Array, to);
        }
    }

    public void Dispose() => _shared?.Dispose();

    /// <summary>False for a kind that has no kernel.</summary>
    private bool Launch(MaskedImages images, int[] which, ulong to)
    {
        int count = which.Length, plane = images.Plane, channels = images.Image.Length / plane;
        switch (images)
        {
            case MaskedByLabels:
                Share(images, images.Layout);
                Launch("mask_labels", Image, Fill, Labels, Numbers(), to, images.Numbers(which[0]).Length, channels, plane);
                return true;
            case MaskedByBoxes boxes:
                Share(images, []);
                Launch("mask_boxes", Image, Fill, Numbers(), to, boxes.Width, channels, plane);
                return true;
            case MaskedByGrids grids:
                Share(images, []);
                ((int h, int w), (int height, int width)) = (grids.Cells, grids.Enlarged);
                ulong numbers = Numbers(), ranges = owner.Scratch.Take(1, 2 * count);
                if (grids.ToOne)
                {
                    owner.Backend.Kernels.Launch(
                        owner.Backend.Stream, "grid_ranges", ((uint)count, 1, 1), numbers, ranges, h, w, height, width);
                }

                Launch(
                    "mask_grids", Image, numbers, ranges, to, grids.ToOne ? 1 : 0, h, w, height, width, grids.Size.Width, channels, plane);
                return true;
            default:
                return false;
        }

        ulong Numbers() => owner.Scratch.Put(0, (float[])[.. which.SelectMany(images.Numbers)]);

        void Launch(string kernel, params ReadOnlySpan<KernelArgument> arguments) =>
            owner.Backend.Kernels.LaunchOver(owner.Backend.Stream, kernel, plane, count, arguments);
    }

    /// <summary>Brings to the device what variations share, unless those were the last ones that were made.</summary>
    private void Share(MaskedImages images, int[] labels)
    {
        if (ReferenceEquals(images, _images))
        {
            return;
        }

        long bytes = sizeof(float) * (images.Image.Length + (long)images.Fill.Length + labels.Length);
        _images = null;
        if (_shared is null || _shared.Bytes < bytes)
        {
            _shared?.Dispose();
            _shared = null;
            _shared = CudaContext.Allocate(bytes, "an image behind masks");
        }

        _images = images;
        owner.Backend.Stream.Upload(images.Image, Image);
        owner.Backend.Stream.Upload(images.Fill, Fill);
        owner.Backend.Stream.Upload(MemoryMarshal.Cast<int, float>(labels), Labels);
    }
}
