using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>Stores results as they are.</summary>
internal readonly unsafe struct StoreSink<TLanes>(float* y, Blocked shape) : ITileSink where TLanes : unmanaged, ILanes<TLanes>
{
    public static int Step => 1;

    /// <summary>Where the result of a pixel goes: the direct convolution stores there at once.</summary>
    public float* Place(int image, int block, int row) => y + image * shape.Image + block * shape.Plane + row * shape.Row;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileRow, int rows, int columns, int image, int block, int row, int column)
    {
        for (int i = 0; i < rows; i++, tile += tileRow)
        {
            float* to = Place(image, block, row + i) + (nint)column * Blocked.Lanes;
            for (int j = 0; j < columns; j++)
            {
                TLanes.Store(TLanes.Load(tile + j * Blocked.Lanes), to + j * Blocked.Lanes);
            }
        }
    }
}
