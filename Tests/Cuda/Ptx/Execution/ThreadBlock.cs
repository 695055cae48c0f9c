using Interp.Tests.Cuda.Ptx.Parsing;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>A block: its warps run one after another, each to its next barrier.</summary>
internal sealed class ThreadBlock
{
    private readonly PtxKernel _kernel;
    private readonly GlobalMemory _memory;
    private readonly Schedule _schedule;
    private readonly PtxThread[] _threads;
    private readonly Warp[] _warps;
    private readonly TrackedWindow?[] _shared;

    internal ThreadBlock(PtxKernel kernel, GlobalMemory memory, Schedule schedule, int threads)
    {
        (_kernel, _memory, _schedule) = (kernel, memory, schedule);
        _shared = [.. kernel.Variables.Select(v => v.Space == StateSpace.Shared
            ? new TrackedWindow(v.Name, v.Space, v.Address, v.Bytes, (0, v.Bytes)) : null)];
        _threads = [.. Enumerable.Range(0, threads).Select(_ => new PtxThread(kernel, this))];
        _warps = [.. _threads.Chunk(Warp.Lanes).Select(lanes => new Warp(kernel, lanes, schedule))];
    }

    /// <summary>Its number in the grid.</summary>
    internal int Number { get; private set; }

    /// <summary>How many barriers it has passed.</summary>
    internal int Barriers { get; private set; }

    /// <summary>How many instructions its threads have executed.</summary>
    internal long Executed => _warps.Sum(w => w.Executed);

    internal void Run(Dim3 place, int number, Dim3 threads, Dim3 blocks, ReadOnlySpan<ulong> arguments)
    {
        (Number, Barriers) = (number, 0);
        foreach (TrackedWindow? window in _shared)
        {
            window?.Clear();
        }

        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i].Start(new GridPlace(threads.PlaceOf(i), place, threads, blocks), (number * _threads.Length) + i, arguments);
        }

        do
        {
            foreach (int warp in _schedule.Order(_warps.Length))
            {
                _warps[warp].RunToBarrier();
            }
        }
        while (PassBarrier());
    }

    internal MemoryWindow? Find(WindowKind kind, int index) =>
        kind == WindowKind.Shared ? _shared.ElementAtOrDefault(index) : _memory.Find(index);

    private bool PassBarrier()
    {
        int waiting = _threads.Count(t => t.Phase == ThreadPhase.AtBarrier);
        if (waiting == 0)
        {
            return false;
        }

        PtxThread first = _threads.First(t => t.Phase == ThreadPhase.AtBarrier);
        string where = $"{_kernel.Name}, {_kernel.Instructions[first.Next].Place}, block {first.Place.Block}";
        if (waiting < _threads.Length)
        {
            throw new PtxFault(FaultKind.DivergentBarrier, $"{where}: {waiting} waiting, {_threads.Length - waiting} exited");
        }

        if (_threads.FirstOrDefault(t => t.Next != first.Next) is { } other)
        {
            throw new PtxFault(
                FaultKind.DivergentBarrier,
                $"{where}: {_threads.Count(t => t.Next == first.Next)} waiting, others at {_kernel.Instructions[other.Next].Place}");
        }

        Barriers++;
        foreach (PtxThread thread in _threads)
        {
            thread.Phase = ThreadPhase.Running;
            thread.Next++;
        }

        return true;
    }
}
