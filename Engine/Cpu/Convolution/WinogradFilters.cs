using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Filters transformed for Winograd, computed in float64 and rounded once: <c>[output group][point][input block][channel][blocks·16]</c>,
/// four times the
/// memory of 3×3 filters, 1.4 times that of 5×5.
/// </summary>
internal sealed unsafe class WinogradFilters : IDisposable
{
    private readonly FilterReader _filters;
    private readonly int _width;
    private readonly int _kernel;
    private readonly double[] _matrix;
    private NativeBuffer? _memory;

    /// <param name="filters">The filters.</param>
    /// <param name="kernel">Taps along one axis.</param>
    /// <param name="tileBlocks">Blocks of output channels in a tile.</param>
    public WinogradFilters(FilterReader filters, int kernel, int tileBlocks)
    {
        _filters = filters;
        _kernel = kernel;
        _matrix = WinogradTransform.FilterMatrix(kernel);
        _width = tileBlocks * Blocked.Lanes;
        InputBlocks = (filters.InChannels + Blocked.Lanes - 1) / Blocked.Lanes;
        Groups = (filters.OutChannels + _width - 1) / _width;
    }

    /// <summary>Number of output groups.</summary>
    public int Groups { get; }

    /// <summary>Number of blocks of input channels.</summary>
    public int InputBlocks { get; }

    /// <summary>Memory taken.</summary>
    public long Bytes => (long)Groups * WinogradTransform.Points * PointFloats * sizeof(float);

    /// <summary>Floats of one point of one output group.</summary>
    public int PointFloats => InputBlocks * Blocked.Lanes * _width;

    /// <summary>The filters of one output group at a point; those of the group's points and of the next group follow.</summary>
    public float* Point(int group, int point) => (float*)_memory!.Address + (long)(group * WinogradTransform.Points + point) * PointFloats;

    /// <summary>Transforms the filters, once.</summary>
    public void Prepare(WorkerPool pool)
    {
        lock (_filters)
        {
            if (_memory is null)
            {
                _memory = new NativeBuffer(Bytes);
                _filters.Open();
                pool.Run(Groups, (g, _) => Transform(g));
                _filters.Close();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();

    /// <summary>
    /// U = G g Gᵀ for every filter of a group, those of one input channel side by side: four at once, and a whole row of weights for each
    /// point, since the
    /// points lie a power of two apart, so that writing single values would make them throw each other out of the cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(int group)
    {
        int outputs = Math.Min(_width, _filters.OutChannels - group * _width);
        double* g = stackalloc double[_matrix.Length];
        _matrix.CopyTo(new Span<double>(g, _matrix.Length));
        float* taps = stackalloc float[_filters.Taps];
        double* filters = stackalloc double[_filters.Taps * _width]; // [tap][output]
        double* half = stackalloc double[_matrix.Length * _width]; // G g, [row of G][column of g][output]
        new Span<double>(filters, _filters.Taps * _width).Clear();
        for (int c = 0; c < _filters.InChannels; c++)
        {
            for (int o = 0; o < outputs; o++)
            {
                _filters.Read(group * _width + o, c, taps);
                for (int tap = 0; tap < _filters.Taps; tap++)
                {
                    filters[tap * _width + o] = taps[tap];
                }
            }

            for (int column = 0; column < _kernel; column++)
            {
                Multiply(g, filters + column * _width, _kernel * _width, half + column * _width, _kernel * _width);
            }

            float* u = Point(group, 0) + (long)c * _width;
            for (int row = 0; row < WinogradTransform.Inputs; row++, u += WinogradTransform.Inputs * PointFloats)
            {
                Multiply(g, half + row * _kernel * _width, _width, u);
            }
        }
    }

    /// <summary>G x for the vectors x of all outputs; they and the results lie so far apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(double* g, double* x, int step, double* y, int resultStep)
    {
        for (int i = 0; i < WinogradTransform.Inputs; i++, g += _kernel, y += resultStep)
        {
            for (int o = 0; o < _width; o += Vector256<double>.Count)
            {
                Dot(g, x + o, step).Store(y + o);
            }
        }
    }

    /// <summary>The same, rounded, each result at its point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(double* g, double* x, int step, float* y)
    {
        for (int i = 0; i < WinogradTransform.Inputs; i++, g += _kernel, y += PointFloats)
        {
            for (int o = 0; o < _width; o += 2 * Vector256<double>.Count)
            {
                Vector256.Narrow(Dot(g, x + o, step), Dot(g, x + o + Vector256<double>.Count, step)).Store(y + o);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Dot(double* row, double* x, int step)
    {
        Vector256<double> sum = row[0] * Vector256.Load(x);
        for (int k = 1; k < _kernel; k++)
        {
            sum += row[k] * Vector256.Load(x + k * step);
        }

        return sum;
    }
}
