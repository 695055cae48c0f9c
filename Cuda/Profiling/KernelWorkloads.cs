using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Engine.Common;

namespace Interp.Cuda.Profiling;

/// <summary>Every raw kernel at a size that it has in VGG16 at 224×224; a new kernel gets its line here.</summary>
internal sealed class KernelWorkloads : IDisposable
{
    private const int Size = 224;
    private const int Channels = 64;
    private const int Plane = Size * Size;
    private const int Classes = 1000;
    private const int In = 25088;
    private const int Out = 4096;
    private readonly KernelModules _kernels;
    private readonly int _batch;
    private readonly List<DeviceMemory> _memory = [];
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _columns;
    private readonly ulong _weights;
    private readonly ulong _places;
    private readonly ulong _zeros;

    internal KernelWorkloads(KernelModules kernels, CudaStream stream, int batch)
    {
        (_kernels, _batch) = (kernels, batch);
        _a = Take(Values * sizeof(float));
        _b = Take(Values * sizeof(float));
        _c = Take(Values * sizeof(float));
        _columns = Take(9L * Channels * Plane * sizeof(float));
        _weights = Take((long)In * Out * sizeof(float));
        Fill(stream);
        _places = Take((Size + 1) * sizeof(int));
        long zeros = Math.Max(8L * 3 * batch, 4L * Plane);
        _zeros = Take(zeros);
        stream.Clear(_zeros, zeros);
        int[] places = [.. Enumerable.Range(0, Size + 1)];
        stream.Upload(MemoryMarshal.Cast<int, float>(places), _places);
    }

    /// <summary>What the names of kernels begin with of which there is one for each rule.</summary>
    private static string[] OfRules => ["relu_backward_", "sloped_backward_"];

    private long Values => (long)_batch * Channels * Plane;

    private string Maps => $"{_batch}x{Channels}x{Size}x{Size}";

    internal IEnumerable<KernelWorkload> All()
    {
        long n = Values, pooled = n / 4, image = (long)Channels * Plane;
        int planes = _batch * Channels;
        yield return Over("relu_forward", Maps, 8 * n, 0, n, 1, _a, _b, n);
        yield return Planes("bias_forward", Maps, 8 * n, n, planes, Plane, _a, _weights, Channels, Plane);
        yield return Planes("bias_relu_forward", Maps, 8 * n, n, planes, Plane, _a, _weights, Channels, Plane);
        foreach (string kernel in _kernels.Names.Where(k => OfRules.Any(p => k.StartsWith(p, StringComparison.Ordinal))))
        {
            yield return Over(kernel, Maps, 12 * n, 0, n, 1, _a, _b, _c, n);
        }

        foreach (string kernel in _kernels.Names.Where(k => k.StartsWith("activation_", StringComparison.Ordinal)))
        {
            yield return Over(kernel, Maps, 12 * n, 0, n, 1, _a, _b, _c, 0.25f, 0.5f, 1f, n);
        }

        foreach (KernelWorkload workload in OverChannels(n, planes))
        {
            yield return workload;
        }

        long rows = (long)_batch * Out;
        yield return Over("bias_rows", $"{_batch}x{Out}", 8 * rows, rows, rows, 1, _a, _weights, Out, rows);
        yield return Over("bias_relu_rows", $"{_batch}x{Out}", 8 * rows, rows, rows, 1, _a, _weights, Out, rows);
        yield return Planes("maxpool_forward", $"{Maps}, 2x2", (4 * n) + (8 * pooled), 0, planes, Plane / 4,
            [_a, _b, _c, .. Window(Size, Size / 2, 2, 2, 0)]);
        yield return Planes("maxpool_backward", $"{Maps}, 2x2", (4 * n) + (8 * pooled), 0, planes, Plane,
            [_b, _c, _a, .. Window(Size, Size / 2, 2, 2, 0)]);
        yield return Planes("avgpool_forward", $"{Maps} to 7x7", 4 * n, n, planes, 49, _a, _b, Size, Size, 7, 7);
        yield return Planes("avgpool_backward", $"{Maps} from 7x7", 4 * n, n, planes, Plane, _b, _a, Size, Size, 7, 7);
        KernelArgument[] means = [Size, Size, Size / 2, Size / 2, 3, 3, 2, 2, 1, 1, 0, 0, 1];
        yield return Planes("meanpool_forward", $"{Maps}, 3x3", (4 * n) + (4 * pooled), 9 * pooled, planes, Plane / 4, [_a, _b, .. means]);
        yield return Planes("meanpool_backward", $"{Maps}, 3x3", (4 * n) + (4 * pooled), 9 * pooled, planes, Plane, [_b, _a, .. means]);
        yield return Planes("im2col", $"1x{Channels}x{Size}x{Size}, 3x3", 40 * image, 0, 9 * Channels, Plane,
            [_a, _columns, image, 9 * image, .. Window(Size, Size, 3, 1, 1)]);
        yield return Planes("col2im", $"1x{Channels}x{Size}x{Size}, 3x3", 40 * image, 9 * image, Channels, Plane,
            [_columns, _a, image, 9 * image, .. Window(Size, Size, 3, 1, 1)]);
        foreach (KernelWorkload workload in Winograd())
        {
            yield return workload;
        }

        yield return Product("sgemm_nn", 64, Channels, Plane, 9 * Channels, _weights, _columns, _a);
        yield return Product("sgemm_tn", 64, 9 * Channels, Plane, Channels, _weights, _a, _columns);
        yield return Product("sgemm_nt", 64, 32, Out, Out, _columns, _weights, _a);
        foreach (string kernel in (string[])["sgemm_nn_large", "sgemm_tn_large", "sgemm_nt_large"])
        {
            yield return Product(kernel, 128, 512, Out, 256, _weights, _columns, _a);
        }

        long full = (long)In * Out;
        yield return Grid("linear_forward", $"{_batch}x{In} to {Out}", 4 * full, 2 * full * _batch, (Out / 8, (uint)_batch, 1), _weights,
            _a, _b, In, Out);
        yield return Grid("linear_backward", $"{_batch}x{Out} to {In}", 4 * full, 2 * full * _batch, (In / 32, (uint)_batch, 1), _weights,
            _a, _b, In, Out);
        yield return Grid("softmax_forward", $"{_batch}x{Classes}", 8L * _batch * Classes, 4L * _batch * Classes, ((uint)_batch, 1, 1), _a,
            _b, Classes);
        yield return Grid("softmax_backward", $"{_batch}x{Classes}", 12L * _batch * Classes, 4L * _batch * Classes, ((uint)_batch, 1, 1),
            _a, _b, _c, Classes);
        yield return Over("add", Maps, 12 * n, n, n, 1, _a, _b, _c, n);
        yield return Over("split_tf32", Maps, 12 * n, n, n, 1, _a, _b, _c, n);
        yield return Over("add_to", Maps, 12 * n, n, n, 1, _a, _b, n);
        yield return Over("copy_blocks", Maps, 8 * n, 0, image, _batch, _a, _b, image, image, image);
        foreach (KernelWorkload workload in BesideTheNetwork())
        {
            yield return workload;
        }
    }

    /// <summary>Scales, gates, moves and normalisations of channels.</summary>
    private IEnumerable<KernelWorkload> OverChannels(long n, int planes)
    {
        int pixels = _batch * Plane;
        (uint X, uint Y, uint Z) grid = ((uint)(pixels + 31) / 32, 1, 1);
        yield return Planes("scale_planes", Maps, 8 * n, 2 * n, planes, Plane, _a, _weights, _weights, _b, Channels, Plane);
        yield return Over("multiply", Maps, 12 * n, n, n, 1, _a, _b, _c, n);
        yield return Grid("plane_dots", Maps, 8 * n, 2 * n, ((uint)planes, 1, 1), _a, _b, _c, Plane);
        yield return Planes("move_channels", Maps, 8 * n, 0, planes, Plane, _a, _b, Channels, Channels, 0, 4, Plane);
        yield return Grid("layernorm_forward", Maps, 8 * n, 7 * n, grid, _a, _weights, _weights, _b, _columns, 1e-6f, Channels, Plane,
            pixels);
        yield return Grid("layernorm_backward", Maps, 12 * n, 12 * n, grid, _a, _weights, _columns, _b, _c, Channels, Plane, pixels);
        const int Groups = 32;
        yield return Grid("groupnorm_forward", Maps, 8 * n, 7 * n, ((uint)(_batch * Groups), 1, 1), _a, _weights, _weights, _b, _columns,
            1e-6f, Groups, Channels / Groups, Plane);
        yield return Grid("groupnorm_backward", Maps, 12 * n, 12 * n, ((uint)(_batch * Groups), 1, 1), _a, _weights, _columns, _b, _c,
            Groups, Channels / Groups, Plane);
        yield return Planes("prelu_forward", Maps, 12 * n, n, planes, Plane, _a, _weights, _b, _c, Channels, Plane);
        yield return Planes("scale_pixels", Maps, 8 * n, n, planes, Plane, _a, _weights, _b, Channels, Plane);
        yield return Planes("pixel_dots", Maps, 8 * n, 2 * n, _batch, Plane, _a, _b, _c, Channels, Plane);
        foreach (string kernel in (string[])["maximum", "minimum"])
        {
            yield return Over(kernel, Maps, 12 * n, n, n, 1, _a, _b, _c, n);
        }

        yield return Planes("pixels_forward", Maps, 8 * n, 0, planes, Plane, _a, _b, _places, _places, 0f, Size, Size, Size, Size);
        yield return Planes("pixels_backward", Maps, 8 * n, 0, planes, Plane, _a, _b, _places, _places, _places, _places, Size, Size, Size,
            Size);
        yield return Over("larger_backward", Maps, 16 * n, 2 * n, n, 1, _a, _b, _c, _c, n);
    }

    /// <summary>The transforms of one layer, the tiles of one image at a time.</summary>
    private IEnumerable<KernelWorkload> Winograd()
    {
        const int Deep = 512, Side = Size / 4, Tiles = Side * Side;
        long pairs = (long)Deep * Deep, inputs = (long)Channels * Plane, points = 36L * Channels * Tiles;
        KernelArgument[] tiles = [Side, Side, 0, Tiles, Tiles];
        string map = $"1x{Channels}x{Size}x{Size}";
        yield return Over("winograd_filters", $"{Deep}x{Deep}", (36 + 144) * pairs, 150 * pairs, pairs, 1, _weights, _columns, Deep, Deep,
            0);
        yield return Over("winograd_inputs", map, 4 * (inputs + points), 216L * Channels * Tiles, (long)Channels * Tiles, 1,
            [_a, _columns, Channels, Size, Size, 1, 1, .. tiles]);
        yield return Over("winograd_outputs", map, 4 * (inputs + points), 170L * Channels * Tiles, (long)Channels * Tiles, 1,
            [_columns, _a, Channels, Size, Size, .. tiles]);
        foreach (string kernel in (string[])["winograd_outputs_bias", "winograd_outputs_bias_relu"])
        {
            yield return Over(kernel, map, 4 * (inputs + points), 186L * Channels * Tiles, (long)Channels * Tiles, 1,
                [_columns, _weights, _a, Channels, Size, Size, .. tiles]);
        }
    }

    /// <summary>Noise, maps and feature visualisation: on images, not on feature maps.</summary>
    private IEnumerable<KernelWorkload> BesideTheNetwork()
    {
        const int Deep = 512, Small = 14;
        long values = 3L * Plane, all = _batch * values, maps = (long)_batch * Deep * Small * Small;
        string images = $"{_batch}x3x{Size}x{Size}";
        yield return Over("add_noise", images, 4 * (values + all), 0, values, _batch, _a, _b, 0.1, 0UL, 0UL, 256UL, values);
        yield return Over("add_moments", images, (4 * all) + (32 * values), 6 * all, values, 1, _a, _b, _c, _batch, 0, values);
        yield return Over("line_points", images, 8 * all, 4 * all, values, _batch, _zeros, _zeros, _a, _b, values);
        yield return Over("add_terms", images, (8 * all) + (48 * values), 4 * all, values, 1, _zeros, _zeros, _a, _b, _c, _columns,
            _columns + (ulong)(values * sizeof(double)), _batch, values);
        yield return Grid("plane_means", $"{_batch}x{Deep}x{Small}x{Small}", 4 * maps, maps, ((uint)(_batch * Deep), 1, 1), _a, _b,
            Small * Small);
        yield return Planes("weighted_channels", $"{_batch}x{Deep}x{Small}x{Small}", 4 * maps, 2 * maps, _batch, Small * Small, _a, _b, _c,
            Deep, Small * Small);
        long pixels = (long)_batch * Plane;
        foreach (KernelWorkload workload in Masks(images, all, pixels))
        {
            yield return workload;
        }

        yield return Over("colors_forward", images, 8 * all, 18 * pixels, pixels, 1, _a, _weights, _b, Plane, pixels);
        yield return Over("colors_backward", images, 12 * all, 27 * pixels, pixels, 1, _a, _b, _weights, _c, Plane, pixels);
        KernelArgument[] turned = [Size, Size, Size, Size, 0.99, -0.1, 12.0, 0.1, 0.99, -10.0, 1];
        yield return Planes("sample_forward", images, 8 * all, 0, 3L * _batch, Plane, [_a, _b, .. turned]);
        yield return Planes("sample_backward", images, 8 * all, 0, 3L * _batch, Plane, [_b, _a, .. turned]);
        yield return Over("adam_step", images, 28 * all, 12 * all, all, 1, _a, _b, _c, _columns, 0.05, 1.0, 0.9, 0.999, 1e-8, all);
    }

    /// <summary>Variations of an image behind masks; labels and boxes are zeros, and grids begin near the corner.</summary>
    private IEnumerable<KernelWorkload> Masks(string images, long all, long pixels)
    {
        const int Small = 14;
        yield return Over("mask_labels", images, 4 * all, 3 * all, Plane, _batch, _a, _b, _zeros, _weights, _c, 1, 3, Plane);
        yield return Over("mask_boxes", images, 4 * all, 0, Plane, _batch, _a, _b, _zeros, _c, Size, 3, Plane);
        yield return Grid("grid_ranges", $"{_batch}x{Small}x{Small} to {Size}x{Size}", 4L * _batch * Small * Small, 26 * pixels,
            ((uint)_batch, 1, 1), _a, _c, Small, Small, Size, Size);
        yield return Over("mask_grids", images, 4 * all, (28 * pixels) + all, Plane, _batch, _a, _b, _weights, _c, 1, Small, Small, Size,
            Size, Size, 3, Plane);
    }

    public void Dispose() => _memory.ForEach(m => m.Dispose());

    private static KernelArgument[] Window(int size, int output, int kernel, int stride, int padding) =>
        [size, size, output, output, kernel, kernel, stride, stride, padding, padding, 1, 1];

    private KernelWorkload Over(string kernel, string shape, long bytes, long flops, long count, int images,
        params KernelArgument[] arguments) =>
        new(kernel, shape, bytes, flops, stream => _kernels.LaunchOver(stream, kernel, count, images, arguments));

    private KernelWorkload Planes(string kernel, string shape, long bytes, long flops, long planes, int length,
        params KernelArgument[] arguments) =>
        new(kernel, shape, bytes, flops, stream => _kernels.LaunchPlanes(stream, kernel, planes, length, 1, arguments));

    private KernelWorkload Grid(string kernel, string shape, long bytes, long flops, (uint X, uint Y, uint Z) grid,
        params KernelArgument[] arguments) =>
        new(kernel, shape, bytes, flops, stream => _kernels.Launch(stream, kernel, grid, arguments));

    private KernelWorkload Product(string kernel, int tile, int m, int n, int k, ulong a, ulong b, ulong c) => Grid(
        kernel, $"{m}x{k} and {k}x{n}", 4 * (((long)m * k) + ((long)k * n) + ((long)m * n)), 2L * m * n * k,
        ((uint)((n + tile - 1) / tile), (uint)((m + tile - 1) / tile), 1), a, b, c, m, n, k, 0L, 0L, 0L);

    /// <summary>Normal deviates, repeated: zeros would be skipped by some kernels and be easy for all.</summary>
    private void Fill(CudaStream stream)
    {
        const int Different = 1 << 20;
        var rng = new Rng(1);
        float[] values = [.. Enumerable.Range(0, Different).Select(i => (float)rng.Gaussian((ulong)i))];
        foreach (DeviceMemory memory in _memory)
        {
            stream.Upload(values.AsSpan(0, (int)Math.Min(Different, memory.Bytes / sizeof(float))), memory.Address);
            for (long done = Different * sizeof(float); done < memory.Bytes; done *= 2)
            {
                stream.Copy(memory.Address, memory.Address + (ulong)done, Math.Min(done, memory.Bytes - done));
            }
        }
    }

    private ulong Take(long bytes)
    {
        DeviceMemory memory = CudaContext.Allocate(bytes, "the kernels' benchmark");
        _memory.Add(memory);
        return memory.Address;
    }
}
