using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>Backward counterpart of <see cref="ReluSink{TLanes}"/>: takes the gradient at a ReLU's output, applies the rule and stores the
/// gradient at its input.</summary>
internal readonly unsafe struct ReluGateSink<TLanes, TOperator>(float* down, ushort* decisions, Blocked shape) : ITileSink
    where TLanes : unmanaged, ILanes<TLanes>
    where TOperator : struct, IReluOperator
{
    public static int Step => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileRow, int rows, int columns, int image, int block, int row, int column)
    {
        for (int i = 0; i < rows; i++, tile += tileRow)
        {
            nint first = image * shape.Image + block * shape.Plane + (row + i) * shape.Row + (nint)column * Blocked.Lanes;
            float* to = down + first;
            ushort* bits = decisions + first / Blocked.Lanes;
            for (int j = 0; j < columns; j++)
            {
                TLanes gradient = TOperator.Backward(TLanes.Mask(bits[j]), TLanes.Load(tile + j * Blocked.Lanes));
                TLanes.Store(gradient, to + j * Blocked.Lanes);
            }
        }
    }
}
