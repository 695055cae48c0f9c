using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>The sum of several inputs, in their order; the gradient at each is that at the output.</summary>
internal sealed unsafe class AddKernel<TLanes>(Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override bool PassesOn(int input) => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float*[] inputs = run.Inputs;
        float* y = run.Output;
        Elementwise.Run(run.Pool, shape.Vectors, (first, count) =>
        {
            nint at = (nint)first * Blocked.Lanes, floats = (nint)count * Blocked.Lanes;
            float* sum = inputs[0];
            for (int i = 1; i < inputs.Length; i++, sum = y)
            {
                Sum(sum + at, inputs[i] + at, y + at, floats);
            }

            if (sum != y)
            {
                Buffer.MemoryCopy(sum + at, y + at, floats * sizeof(float), floats * sizeof(float));
            }
        });
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* a, float* b, float* to, nint floats)
    {
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Add(TLanes.Load(a + i), TLanes.Load(b + i)), to + i);
        }
    }
}
