using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>The larger or smaller of two maps. Backward: R times each one's share of the output, which is 0, ½ or 1.</summary>
internal sealed unsafe class ExtremumKernel<TLanes>(Extremum layer, Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override bool BackwardReadsInputs => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* a = run.Inputs[0], b = run.Inputs[1], y = run.Output;
        Elementwise.Run(run.Pool, shape.Vectors, (first, count) =>
        {
            nint at = (nint)first * Blocked.Lanes;
            Choose(a + at, b + at, y + at, (nint)count * Blocked.Lanes);
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        for (int i = 0; i < 2; i++)
        {
            if (run.InputGradients[i] != null)
            {
                float* larger = run.Inputs[layer.Least ? 1 - i : i], smaller = run.Inputs[layer.Least ? i : 1 - i];
                float* to = run.InputGradients[i];
                Elementwise.Run(run.Pool, shape.Vectors, (first, count) =>
                {
                    nint at = (nint)first * Blocked.Lanes;
                    Return(larger + at, smaller + at, run.OutputGradient + at, to + at, (nint)count * Blocked.Lanes);
                });
            }
        }
    }

    /// <summary>Where neither is larger, their mean: the value of both, or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Choose(float* a, float* b, float* to, nint floats)
    {
        bool least = layer.Least;
        TLanes half = TLanes.Of(0.5);
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes x = TLanes.Load(a + i), y = TLanes.Load(b + i);
            TLanes above = TLanes.IsPositive(TLanes.Subtract(x, y)), below = TLanes.IsPositive(TLanes.Subtract(y, x));
            TLanes mean = TLanes.Add(TLanes.Multiply(half, x), TLanes.Multiply(half, y));
            TLanes larger = TLanes.Select(above, x, TLanes.Select(below, y, mean));
            TLanes smaller = TLanes.Select(above, y, TLanes.Select(below, x, mean));
            TLanes.Store(least ? smaller : larger, to + i);
        }
    }

    /// <summary>½·R·(1 + [a &gt; b] − [b &gt; a]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Return(float* a, float* b, float* upstream, float* to, nint floats)
    {
        TLanes half = TLanes.Of(0.5), one = TLanes.Of(1);
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes x = TLanes.Load(a + i), y = TLanes.Load(b + i);
            TLanes above = TLanes.Keep(TLanes.IsPositive(TLanes.Subtract(x, y)), one);
            TLanes below = TLanes.Keep(TLanes.IsPositive(TLanes.Subtract(y, x)), one);
            TLanes share = TLanes.Multiply(half, TLanes.Subtract(TLanes.Add(one, above), below));
            TLanes.Store(TLanes.Multiply(share, TLanes.Load(upstream + i)), to + i);
        }
    }
}
