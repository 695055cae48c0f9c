using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Filters transformed for Winograd, computed in float64 and rounded once: <c>[output group][point][input block][channel][blocks·16]</c>, four times the
/// memory of the 3×3 filters.
/// </summary>
internal sealed unsafe class WinogradFilters : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly int _width;

    public WinogradFilters(FilterReader filters, int tileBlocks, WorkerPool pool)
    {
        _width = tileBlocks * Blocked.Lanes;
        InputBlocks = (filters.InChannels + Blocked.Lanes - 1) / Blocked.Lanes;
        Groups = (filters.OutChannels + _width - 1) / _width;
        _memory = new NativeBuffer(Groups * WinogradTransform.Points * PointFloats * sizeof(float));
        pool.Run(Groups, (g, _) => Transform(filters, g));
    }

    /// <summary>Number of output groups.</summary>
    public int Groups { get; }

    /// <summary>Number of blocks of input channels.</summary>
    public int InputBlocks { get; }

    /// <summary>Memory taken.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>Floats of one point of one output group.</summary>
    public long PointFloats => (long)InputBlocks * Blocked.Lanes * _width;

    /// <summary>The filters of one output group.</summary>
    public float* Start(int group) => (float*)_memory.Address + group * WinogradTransform.Points * PointFloats;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void Transform(FilterReader filters, int group)
    {
        const int n = WinogradTransform.Inputs;
        ReadOnlySpan<double> matrix = WinogradTransform.FilterMatrix;
        Span<float> taps = stackalloc float[9];
        Span<double> half = stackalloc double[n * 3];
        for (int c = 0; c < filters.InChannels; c++)
        {
            for (int o = 0; o < _width && group * _width + o < filters.OutChannels; o++)
            {
                filters.Read(group * _width + o, c, taps);
                for (int i = 0; i < n; i++)
                {
                    double g0 = matrix[i * 3], g1 = matrix[i * 3 + 1], g2 = matrix[i * 3 + 2];
                    for (int x = 0; x < 3; x++)
                    {
                        half[i * 3 + x] = g0 * taps[x] + g1 * taps[3 + x] + g2 * taps[6 + x];
                    }
                }

                float* to = Start(group) + (long)c * _width + o;
                for (int i = 0; i < n; i++)
                {
                    double h0 = half[i * 3], h1 = half[i * 3 + 1], h2 = half[i * 3 + 2];
                    for (int j = 0; j < n; j++, to += PointFloats)
                    {
                        *to = (float)(h0 * matrix[j * 3] + h1 * matrix[j * 3 + 1] + h2 * matrix[j * 3 + 2]);
                    }
                }
            }
        }
    }
}
