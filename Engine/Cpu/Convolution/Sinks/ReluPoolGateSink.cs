using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>
/// Backward counterpart of <see cref="ReluPoolSink{TLanes}"/>: takes the gradient at the pool's output, applies the ReLU rule and stores it
/// at the recorded place
/// of each 2×2 window, zero at the other three. The rule may come before the routing, since it makes zero of zero.
/// </summary>
/// <param name="down">The gradient at the ReLU's input.</param>
/// <param name="record">What the forward pass recorded.</param>
/// <param name="pooled">Shape after the pool.</param>
/// <param name="full">Shape before the pool, twice as high and wide.</param>
internal readonly unsafe struct ReluPoolGateSink<TLanes, TOperator>(float* down, ushort* record, Blocked pooled, Blocked full) : ITileSink
    where TLanes : unmanaged, ILanes<TLanes>
    where TOperator : struct, IReluOperator
{
    public static int Step => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileRow, int rows, int columns, int image, int block, int row, int column)
    {
        for (int i = 0; i < rows; i++, tile += tileRow)
        {
            nint vector = (image * pooled.Image + block * pooled.Plane + (row + i) * pooled.Row) / Blocked.Lanes + column;
            ushort* words = record + vector * ReluPoolSink<TLanes>.Words;
            float* to = down + image * full.Image + block * full.Plane + 2 * (row + i) * full.Row + 2 * (nint)column * Blocked.Lanes;
            for (int j = 0; j < columns; j++, words += ReluPoolSink<TLanes>.Words, to += 2 * Blocked.Lanes)
            {
                TLanes gradient = TOperator.Backward(TLanes.Mask(words[4]), TLanes.Load(tile + j * Blocked.Lanes));
                TLanes.Store(TLanes.Keep(TLanes.Mask(words[0]), gradient), to);
                TLanes.Store(TLanes.Keep(TLanes.Mask(words[1]), gradient), to + Blocked.Lanes);
                TLanes.Store(TLanes.Keep(TLanes.Mask(words[2]), gradient), to + full.Row);
                TLanes.Store(TLanes.Keep(TLanes.Mask(words[3]), gradient), to + full.Row + Blocked.Lanes);
            }
        }
    }
}
