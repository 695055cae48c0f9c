using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// What a linear layer gives when one block of its inputs after another is replaced: y_k = b + W·x + W[:,k]·(x'_k − x_k), all of them from
/// one walk over the weights: K blocks cost what one run of the layer costs, rather than K runs. A product of two float32 numbers is exact
/// in float64, in which it is added up in one order: of a block, eight sums of the inputs of equal index modulo 8 and what is left over;
/// then the blocks. So the same bits come of any number of threads and any instruction set, and each output is rounded once, by at most
/// 6e-8 of itself, where the layer's own run rounds each of its sums in float32.
/// </summary>
/// <param name="linear">The layer's node.</param>
/// <param name="x">Its inputs x.</param>
/// <param name="replaced">x'.</param>
/// <param name="blocks">K, into which the inputs are cut equally.</param>
internal sealed class LinearDifferences(Node linear, float[] x, float[] replaced, int blocks)
{
    /// <summary>Rows of a task: a cache line of the outputs of each block.</summary>
    private const int Rows = 16;

    private readonly Weight _weight = linear.Weights[0];
    private readonly float[] _bias = ((Linear)linear.Layer).Bias ? linear.Weights[1].ToArray() : new float[linear.Weights[0].Shape[0]];
    private readonly int _each = x.Length / blocks;

    /// <summary>Number of outputs.</summary>
    internal int Count => _bias.Length;

    /// <summary>The outputs with nothing replaced, then with each of some blocks: a row each.</summary>
    /// <param name="which">The blocks.</param>
    /// <param name="parallel">Threads that do it; checked before each task.</param>
    internal float[] Outputs(int[] which, ParallelOptions parallel)
    {
        var outputs = new float[(which.Length + 1) * Count];
        bool[] isZero = [.. which.Select(k => !replaced.AsSpan(k * _each, _each).ContainsAnyExcept(0f))];
        Parallel.For(
            0, (Count + Rows - 1) / Rows, parallel, () => (Row: new float[x.Length], Sums: new double[blocks]),
            (task, _, own) =>
            {
                for (int o = task * Rows; o < Math.Min(Count, (task + 1) * Rows); o++)
                {
                    _weight.CopyTo((long)o * x.Length, own.Row);
                    Output(o, own.Row, own.Sums, which, isZero, outputs);
                }

                return own;
            },
            _ => { });
        return outputs;
    }

    private void Output(int o, ReadOnlySpan<float> row, Span<double> sums, int[] which, bool[] isZero, Span<float> outputs)
    {
        double whole = _bias[o];
        for (int k = 0; k < blocks; k++)
        {
            whole += sums[k] = Product(row.Slice(k * _each, _each), x.AsSpan(k * _each, _each));
        }

        outputs[o] = (float)whole;
        for (int i = 0; i < which.Length; i++)
        {
            int at = which[i] * _each;
            double instead = isZero[i] ? 0 : Product(row.Slice(at, _each), replaced.AsSpan(at, _each));
            outputs[((i + 1) * Count) + o] = (float)(whole + (instead - sums[which[i]]));
        }
    }

    private static double Product(ReadOnlySpan<float> w, ReadOnlySpan<float> x)
    {
        ref float w0 = ref MemoryMarshal.GetReference(w), x0 = ref MemoryMarshal.GetReference(x);
        Vector256<double> low = Vector256<double>.Zero, high = Vector256<double>.Zero;
        int i = 0;
        for (; i + Vector256<float>.Count <= w.Length; i += Vector256<float>.Count)
        {
            (Vector256<double> wLow, Vector256<double> wHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref w0, (nuint)i));
            (Vector256<double> xLow, Vector256<double> xHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref x0, (nuint)i));
            low += wLow * xLow;
            high += wHigh * xHigh;
        }

        Vector256<double> four = low + high;
        double sum = (four[0] + four[1]) + (four[2] + four[3]);
        for (; i < w.Length; i++)
        {
            sum += (double)w[i] * x[i];
        }

        return sum;
    }
}
