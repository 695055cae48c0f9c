using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>
/// Rectifies, takes the maximum of each 2×2 window and stores it. Record, for each vector of maxima, sixteen bits each: the lanes whose
/// maximum lies at each of the
/// four places (the first of equal ones, after the ReLU), and the lanes whose maximum is greater than zero.
/// </summary>
internal readonly unsafe struct ReluPoolSink<TLanes>(float* y, ushort* record, Blocked pooled) : ITileSink where TLanes : unmanaged,
    ILanes<TLanes>
{
    /// <summary>16-bit words of a vector's record.</summary>
    public const int Words = 5;

    public static int Step => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileRow, int rows, int columns, int image, int block, int row, int column)
    {
        for (int i = 0; i < rows; i += 2, tile += 2 * tileRow)
        {
            nint first = image * pooled.Image + block * pooled.Plane + (row + i) / 2 * pooled.Row + (nint)(column / 2) * Blocked.Lanes;
            float* to = y + first;
            ushort* words = record + first / Blocked.Lanes * Words;
            for (int j = 0; j < columns; j += 2, to += Blocked.Lanes, words += Words)
            {
                float* from = tile + j * Blocked.Lanes;
                TLanes best = TLanes.Rectify(TLanes.Load(from));
                uint second = Take(ref best, from + Blocked.Lanes);
                uint third = Take(ref best, from + tileRow);
                uint fourth = Take(ref best, from + tileRow + Blocked.Lanes);
                words[0] = (ushort)~(second | third | fourth);
                words[1] = (ushort)(second & ~(third | fourth));
                words[2] = (ushort)(third & ~fourth);
                words[3] = (ushort)fourth;
                words[4] = (ushort)TLanes.PositiveBits(best);
                TLanes.Store(best, to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Take(ref TLanes best, float* from)
    {
        TLanes value = TLanes.Rectify(TLanes.Load(from));
        TLanes greater = TLanes.Greater(value, best);
        best = TLanes.Select(greater, value, best);
        return TLanes.Bits(greater);
    }
}
