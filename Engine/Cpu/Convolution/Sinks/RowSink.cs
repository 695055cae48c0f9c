using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>
/// Adds what another step has left, if anything, and hands each row of results to a function, such as an activation and what it records, or
/// a rule with what was recorded. The function is called through a pointer, so that one compiled convolution serves them all.
/// </summary>
/// <param name="rows">The function.</param>
/// <param name="added">What is added first, or null; may be where results go.</param>
/// <param name="record">The record of the whole map, or null.</param>
/// <param name="recordPitch">Its bytes for a vector.</param>
/// <param name="to">Where the results go.</param>
/// <param name="shape">Their shape.</param>
internal readonly unsafe struct RowSink<TLanes>(
    RowFunction rows, float* added, void* record, int recordPitch, float* to, Blocked shape)
    : ITileSink
    where TLanes : unmanaged, ILanes<TLanes>
{
    public static int Step => 1;

    /// <summary>For the gradient at a kernel's first input: adds what other readers left, and applies the gate of what made it.</summary>
    public static RowSink<TLanes> ForGradient(KernelRun run, ReluRule rule, Blocked shape)
    {
        float* added = run.Adds[0] ? run.InputGradients[0] : null;
        return run.InputGate is { } producer
            ? new(GateRows<TLanes>.Backward(producer.Tail, rule), added, producer.Record, producer.Tail.RecordPitch,
                producer.GatedGradient, shape)
            : new(GateRows<TLanes>.Keep, added, null, 0, run.InputGradients[0], shape);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileRow, int rowCount, int columns, int image, int block, int row, int column)
    {
        uint lanes = shape.UsedLanes(block);
        if (columns == shape.W && tileRow == shape.Row)
        {
            columns *= rowCount; // Whole rows follow each other.
            rowCount = 1;
        }

        for (int i = 0; i < rowCount; i++, tile += tileRow)
        {
            nint first = image * shape.Image + block * shape.Plane + (row + i) * shape.Row + (nint)column * Blocked.Lanes;
            if (added != null)
            {
                // The tile is working memory, in the first-level cache.
                for (nint j = 0; j < (nint)columns * Blocked.Lanes; j += Blocked.Lanes)
                {
                    TLanes.Store(TLanes.Add(TLanes.Load(tile + j), TLanes.Load(added + first + j)), tile + j);
                }
            }

            rows.Run(tile, record == null ? null : (byte*)record + first / Blocked.Lanes * recordPitch, to + first, columns, lanes);
        }
    }
}
