using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>Rectifies and stores, and records the decisions, sixteen bits a vector in the order of the vectors.</summary>
internal readonly unsafe struct ReluSink<TLanes>(float* y, ushort* decisions, Blocked shape) : ITileSink where TLanes : unmanaged,
    ILanes<TLanes>
{
    public static int Step => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileRow, int rows, int columns, int image, int block, int row, int column)
    {
        for (int i = 0; i < rows; i++, tile += tileRow)
        {
            nint first = image * shape.Image + block * shape.Plane + (row + i) * shape.Row + (nint)column * Blocked.Lanes;
            float* to = y + first;
            ushort* bits = decisions + first / Blocked.Lanes;
            for (int j = 0; j < columns; j++)
            {
                TLanes value = TLanes.Load(tile + j * Blocked.Lanes);
                bits[j] = (ushort)TLanes.PositiveBits(value);
                TLanes.Store(TLanes.Rectify(value), to + j * Blocked.Lanes);
            }
        }
    }
}
