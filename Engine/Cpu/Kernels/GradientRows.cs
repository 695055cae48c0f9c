using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Makes the gradient at a kernel's input row by row, in working memory, and hands each row on while it is in the first-level cache: to be
/// added to what other readers left, and through the gate of the kernel that made the input. Rows that need neither are made in place.
/// </summary>
internal static unsafe class GradientRows<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Rows of a task: about 64 KiB of values.</summary>
    private const int TaskFloats = 16 * 1024;

    /// <summary>Fills a row.</summary>
    /// <param name="plane">The block of channels, n·Blocks + block.</param>
    /// <param name="row">The row in its image.</param>
    /// <param name="to">Where it goes.</param>
    public delegate void Fill(int plane, int row, float* to);

    /// <summary>Bytes of working memory for each thread.</summary>
    public static long ScratchBytes(Blocked x) => x.Row * sizeof(float);

    /// <summary>Makes the gradient of shape x at the first input.</summary>
    public static void Run(KernelRun run, ReluRule rule, Blocked x, Fill fill)
    {
        bool goesOn = run.InputGate is not null || run.Adds[0];
        RowSink<TLanes> sink = goesOn ? RowSink<TLanes>.ForGradient(run, rule, x) : default;
        int rows = (int)Math.Clamp(TaskFloats / x.Row, 1, x.H), parts = (x.H + rows - 1) / rows;
        run.Pool.Run(x.N * x.Blocks * parts, (task, worker) =>
        {
            (int plane, int part) = Math.DivRem(task, parts);
            (int image, int block) = Math.DivRem(plane, x.Blocks);
            for (int row = part * rows, end = Math.Min(row + rows, x.H); row < end; row++)
            {
                float* to = goesOn ? (float*)run.Scratch.OfWorker[worker] : run.InputGradients[0] + plane * x.Plane + row * x.Row;
                fill(plane, row, to);
                if (goesOn)
                {
                    sink.Write(to, x.Row, 1, x.W, image, block, row, 0);
                }
            }
        });
    }
}
