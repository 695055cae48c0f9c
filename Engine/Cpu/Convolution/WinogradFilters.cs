using System.Runtime.CompilerServices;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Filters transformed for Winograd, computed in float64 and rounded once: <c>[output group][point][input block][channel][blocks·16]</c>, four times the
/// memory of the 3×3 filters.
/// </summary>
internal sealed unsafe class WinogradFilters : IDisposable
{
    private readonly FilterReader _filters;
    private readonly int _width;
    private NativeBuffer? _memory;

    public WinogradFilters(FilterReader filters, int tileBlocks)
    {
        _filters = filters;
        _width = tileBlocks * Blocked.Lanes;
        InputBlocks = (filters.InChannels + Blocked.Lanes - 1) / Blocked.Lanes;
        Groups = (filters.OutChannels + _width - 1) / _width;
    }

    /// <summary>Number of output groups.</summary>
    public int Groups { get; }

    /// <summary>Number of blocks of input channels.</summary>
    public int InputBlocks { get; }

    /// <summary>Memory taken.</summary>
    public long Bytes => Groups * WinogradTransform.Points * PointFloats * sizeof(float);

    /// <summary>Floats of one point of one output group.</summary>
    public long PointFloats => (long)InputBlocks * Blocked.Lanes * _width;

    /// <summary>The filters of one output group at a point; those of the group's points and of the next group follow.</summary>
    public float* Point(int group, int point) => (float*)_memory!.Address + (group * WinogradTransform.Points + point) * PointFloats;

    /// <summary>Transforms the filters, once.</summary>
    public void Prepare(WorkerPool pool)
    {
        lock (_filters)
        {
            if (_memory is null)
            {
                _memory = new NativeBuffer(Bytes);
                _filters.Open();
                pool.Run(Groups, (g, _) => Transform(_filters, g));
                _filters.Close();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();

    /// <summary>
    /// U = G g Gᵀ for every filter of a group. The filters of one input channel are gathered first and then written a whole vector at a time: the points lie
    /// a power of two apart, so that writing single values would make them throw each other out of the cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(FilterReader filters, int group)
    {
        int outputs = Math.Min(_width, filters.OutChannels - group * _width);
        double* g = stackalloc double[WinogradTransform.Inputs * 3];
        WinogradTransform.FilterMatrix.CopyTo(new Span<double>(g, WinogradTransform.Inputs * 3));
        float* taps = stackalloc float[9];
        float* gathered = stackalloc float[WinogradTransform.Points * _width];
        new Span<float>(gathered, WinogradTransform.Points * _width).Clear();
        for (int c = 0; c < filters.InChannels; c++)
        {
            for (int o = 0; o < outputs; o++)
            {
                filters.Read(group * _width + o, c, taps);
                Transform(g, taps, gathered + o, _width);
            }

            float* to = Point(group, 0) + (long)c * _width;
            for (int p = 0; p < WinogradTransform.Points; p++, to += PointFloats)
            {
                new ReadOnlySpan<float>(gathered + p * _width, _width).CopyTo(new Span<float>(to, _width));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(double* g, float* taps, float* u, int step)
    {
        const int n = WinogradTransform.Inputs;
        double* half = stackalloc double[n * 3];
        for (int i = 0; i < n; i++)
        {
            double* row = g + i * 3;
            half[i * 3] = row[0] * taps[0] + row[1] * taps[3] + row[2] * taps[6];
            half[i * 3 + 1] = row[0] * taps[1] + row[1] * taps[4] + row[2] * taps[7];
            half[i * 3 + 2] = row[0] * taps[2] + row[1] * taps[5] + row[2] * taps[8];
        }

        for (int i = 0; i < n; i++)
        {
            double h0 = half[i * 3], h1 = half[i * 3 + 1], h2 = half[i * 3 + 2];
            for (int j = 0; j < n; j++, u += step)
            {
                *u = (float)(h0 * g[j * 3] + h1 * g[j * 3 + 1] + h2 * g[j * 3 + 2]);
            }
        }
    }
}
