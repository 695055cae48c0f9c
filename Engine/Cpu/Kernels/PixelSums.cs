using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Sums over the pixels of a plane, lane by lane, in an order that follows from their number.</summary>
internal static unsafe class PixelSums<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Pixels that are summed apart, so that rounding errors grow with the root of their number only, in chains that hide
    /// the time of an addition.</summary>
    private const int Run = 256, Chains = 4;

    /// <summary>Σ a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes Sum(float* a, nint pixels)
    {
        TLanes total = TLanes.Zero;
        for (nint left = pixels; left > 0; left -= Run)
        {
            TLanes s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            nint i = Math.Min(left, Run);
            for (; i >= Chains; i -= Chains, a += Chains * Blocked.Lanes)
            {
                s0 = TLanes.Add(TLanes.Load(a), s0);
                s1 = TLanes.Add(TLanes.Load(a + Blocked.Lanes), s1);
                s2 = TLanes.Add(TLanes.Load(a + 2 * Blocked.Lanes), s2);
                s3 = TLanes.Add(TLanes.Load(a + 3 * Blocked.Lanes), s3);
            }

            for (; i > 0; i--, a += Blocked.Lanes)
            {
                s0 = TLanes.Add(TLanes.Load(a), s0);
            }

            total = TLanes.Add(total, TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)));
        }

        return total;
    }

    /// <summary>Σ a·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes Dot(float* a, float* b, nint pixels)
    {
        TLanes total = TLanes.Zero;
        for (nint left = pixels; left > 0; left -= Run)
        {
            TLanes s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            nint i = Math.Min(left, Run);
            for (; i >= Chains; i -= Chains, a += Chains * Blocked.Lanes, b += Chains * Blocked.Lanes)
            {
                s0 = TLanes.FusedMultiplyAdd(TLanes.Load(a), TLanes.Load(b), s0);
                s1 = TLanes.FusedMultiplyAdd(TLanes.Load(a + Blocked.Lanes), TLanes.Load(b + Blocked.Lanes), s1);
                s2 = TLanes.FusedMultiplyAdd(TLanes.Load(a + 2 * Blocked.Lanes), TLanes.Load(b + 2 * Blocked.Lanes), s2);
                s3 = TLanes.FusedMultiplyAdd(TLanes.Load(a + 3 * Blocked.Lanes), TLanes.Load(b + 3 * Blocked.Lanes), s3);
            }

            for (; i > 0; i--, a += Blocked.Lanes, b += Blocked.Lanes)
            {
                s0 = TLanes.FusedMultiplyAdd(TLanes.Load(a), TLanes.Load(b), s0);
            }

            total = TLanes.Add(total, TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)));
        }

        return total;
    }
}
