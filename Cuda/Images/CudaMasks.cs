using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>
/// Makes variations of an image where sessions read them: what all of them share (image, fill, labels) comes to the device once, and of
/// each a few numbers. Used inside the device's lock.
/// </summary>
internal sealed class CudaMasks(CudaImageMath owner) : IDisposable
{
    /// <summary>The environment variable that has masked images made on the host when it is 0.</summary>
    internal const string MasksVariable = "INTERP_CUDA_MASKS";

    private readonly bool _onHost = Environment.GetEnvironmentVariable(MasksVariable) == "0";
    private MaskedImages? _images;
    private DeviceMemory? _shared; // of these: the image, the fill, and the labels

    private ulong Image => _shared!.Address;

    private ulong Fill => Image + ((ulong)_images!.Image.Length * sizeof(float));

    private ulong Labels => Fill + ((ulong)_images!.Image.Length * sizeof(float));

    internal void Make(MaskedImages images, int[] which, ulong to)
    {
        int channels, plane;
        switch (_onHost ? null : images)
        {
            case MaskedByLabels labels:
                Share(labels, labels.Fill, labels.Labels);
                (channels, plane) = (labels.Image.Length / labels.Labels.Length, labels.Labels.Length);
                float[] weights = [.. which.SelectMany(labels.Weights)];
                Launch(
                    "mask_labels", plane, which.Length, Image, Fill, Labels, owner.Scratch.Put(0, weights), to,
                    weights.Length / which.Length, channels, plane);
                break;
            case MaskedByBoxes boxes:
                Share(boxes, boxes.Fill, []);
                (channels, plane) = (boxes.Image.Length / boxes.Plane, boxes.Plane);
                int[] corners = [.. which.Select(boxes.Box).SelectMany(b => (int[])[b.Top, b.Bottom, b.Left, b.Right])];
                Launch("mask_boxes", plane, which.Length, Image, Fill, Put(0, corners), to, boxes.Width, channels, plane);
                break;
            case MaskedByGrids grids:
                Share(grids, [], []);
                Enlarge(grids, which, to);
                break;
            default:
                var made = new HostValues(new float[which.Length * images.Image.Length]);
                HostImageMath.Instance.Fill(images, which, made);
                owner.Backend.Stream.Upload(made.Array, to);
                break;
        }
    }

    public void Dispose() => _shared?.Dispose();

    private void Enlarge(MaskedByGrids grids, int[] which, ulong to)
    {
        ((int h, int w), (int height, int width)) = (grids.Cells, grids.Enlarged);
        int plane = grids.Size.Height * grids.Size.Width;
        var cells = new float[which.Length * h * w];
        var places = new int[2 * which.Length];
        for (int n = 0; n < which.Length; n++)
        {
            (places[2 * n], places[(2 * n) + 1]) = grids.Write(which[n], cells.AsSpan(n * h * w, h * w));
        }

        ulong from = owner.Scratch.Put(0, cells), ranges = owner.Scratch.Take(2, 2 * which.Length);
        if (grids.ToOne)
        {
            owner.Backend.Kernels.Launch(
                owner.Backend.Stream, "grid_ranges", ((uint)which.Length, 1, 1), from, ranges, h, w, height, width);
        }
        else
        {
            float[] asItIs = [.. which.SelectMany(_ => (float[])[0, 1])];
            owner.Backend.Stream.Upload(asItIs, ranges);
        }

        Launch(
            "mask_grids", plane, which.Length, Image, from, Put(1, places), ranges, to, h, w, height, width, grids.Size.Width,
            grids.Image.Length / plane, plane);
    }

    /// <summary>Brings to the device what variations share, unless those were the last ones that were made.</summary>
    private void Share(MaskedImages images, float[] fill, int[] labels)
    {
        if (ReferenceEquals(images, _images))
        {
            return;
        }

        long values = images.Image.Length + (long)fill.Length + labels.Length;
        if (_shared is null || _shared.Bytes < values * sizeof(float))
        {
            (_images, DeviceMemory? old, _shared) = (null, _shared, null);
            old?.Dispose();
            _shared = CudaContext.Allocate(values * sizeof(float), "an image behind masks");
        }

        _images = images;
        owner.Backend.Stream.Upload(images.Image, Image);
        owner.Backend.Stream.Upload(fill, Fill);
        owner.Backend.Stream.Upload(MemoryMarshal.Cast<int, float>(labels), Labels);
    }

    private void Launch(string kernel, int plane, int count, params ReadOnlySpan<KernelArgument> arguments) =>
        owner.Backend.Kernels.LaunchOver(owner.Backend.Stream, kernel, plane, count, arguments);

    private ulong Put(int place, int[] values) => owner.Scratch.Put(place, MemoryMarshal.Cast<int, float>(values));
}
