using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Cuts elementwise work over a run of vectors into tasks of fixed size.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Vectors in a task: 64 KiB of values.</summary>
    private const long Chunk = 1024;

    /// <summary>Calls <paramref name="body"/>(first, count) for consecutive ranges that cover <paramref name="vectors"/>.</summary>
    public static void Run(WorkerPool pool, long vectors, Action<long, long> body) =>
        pool.Run(checked((int)((vectors + Chunk - 1) / Chunk)), (task, _) => body(task * Chunk, Math.Min(Chunk, vectors - task * Chunk)));

    /// <summary>
    /// Calls <paramref name="body"/>(first, count, plane) for runs of vectors that each lie in one block of channels of one image, the
    /// plane n·Blocks + block.
    /// </summary>
    public static void RunPlanes(WorkerPool pool, Blocked shape, Action<long, long, long> body)
    {
        long pixels = (long)shape.H * shape.W;
        Run(pool, shape.Vectors, (first, count) =>
        {
            for (long i = first, end = first + count, next; i < end; i = next)
            {
                long plane = i / pixels;
                next = Math.Min(end, (plane + 1) * pixels);
                body(i, next - i, plane);
            }
        });
    }

    /// <summary>Hands a whole map to a function of rows, as in <see cref="Convolution.Sinks.GateRows{TLanes}"/>.</summary>
    public static void RunRows(WorkerPool pool, Blocked shape, RowFunction rows, float* from,
        void* record, int recordPitch, float* to) =>
        RunPlanes(pool, shape, (first, count, plane) => rows.Run(
            from + (nint)first * Blocked.Lanes, record == null ? null : (byte*)record + first * recordPitch,
            to + (nint)first * Blocked.Lanes, (nint)count, shape.UsedLanes(plane)));

    /// <summary>target += source.</summary>
    public static void AddTo<TLanes>(WorkerPool pool, long vectors, float* target, float* source) where TLanes : unmanaged,
        ILanes<TLanes> =>
        Run(pool, vectors, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (first, count) =>
        {
            float* to = target + first * Blocked.Lanes;
            float* from = source + first * Blocked.Lanes;
            for (long i = 0; i < count; i++, to += Blocked.Lanes, from += Blocked.Lanes)
            {
                TLanes.Store(TLanes.Add(TLanes.Load(to), TLanes.Load(from)), to);
            }
        });

    /// <summary>target = source.</summary>
    public static void Copy(WorkerPool pool, long vectors, float* target, float* source) =>
        Run(pool, vectors, (first, count) =>
            Buffer.MemoryCopy(source + first * Blocked.Lanes, target + first * Blocked.Lanes, count * 64, count * 64));
}
