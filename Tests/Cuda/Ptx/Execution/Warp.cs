using Interp.Tests.Cuda.Ptx.Instructions;

namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>
/// Up to 32 threads. Each runs by itself until it waits for the others; nothing is executed in step, as on devices from compute capability
/// 7.0 on, where it may be
/// otherwise.
/// </summary>
internal sealed class Warp(PtxKernel kernel, PtxThread[] threads, Schedule schedule)
{
    internal const int Lanes = 32;

    /// <summary>More than the longest test's thread needs, by far.</summary>
    private const int MostInstructions = 20_000_000;

    private readonly Instruction[] _code = kernel.Instructions;

    /// <summary>How many instructions its threads have executed.</summary>
    internal long Executed { get; private set; }

    /// <summary>Runs its threads until each of them has ended or waits for the block.</summary>
    internal void RunToBarrier()
    {
        do
        {
            foreach (int lane in schedule.Order(threads.Length))
            {
                if (threads[lane].Phase == ThreadPhase.Running)
                {
                    Run(threads[lane]);
                }
            }
        }
        while (ExecuteTogether());
    }

    private void Run(PtxThread thread)
    {
        int next = thread.Next, executed = 0;
        try
        {
            for (; next < _code.Length; executed++)
            {
                Instruction instruction = _code[next];
                Guard guard = instruction.Guard;
                Flow flow = Flow.Next;
                if (guard.Slot < 0 || (thread[guard.Slot] != 0) != guard.Negated)
                {
                    instruction.Reached = true;
                    flow = instruction.Execute(thread);
                }

                if (flow == Flow.Stop)
                {
                    thread.Next = next;
                    return;
                }

                next = flow == Flow.Jump ? thread.Next : next + 1;
                if (executed == MostInstructions)
                {
                    throw new PtxFault(FaultKind.Endless, $"{MostInstructions} instructions and no end");
                }
            }

            thread.Phase = ThreadPhase.Exited;
        }
        catch (PtxFault fault)
        {
            throw fault.At(Where(thread, next));
        }
        finally
        {
            Executed += executed;
        }
    }

    /// <summary>Executes one instruction at which all lanes that it names have come together; false if no lane waits for others.</summary>
    private bool ExecuteTogether()
    {
        PtxThread? waiting = null;
        for (int lane = 0; lane < threads.Length; lane++)
        {
            if (threads[lane].Phase != ThreadPhase.AtWarpInstruction)
            {
                continue;
            }

            waiting = threads[lane];
            var instruction = (WarpInstruction)_code[waiting.Next];
            uint mask = instruction.Mask(waiting);
            if (((mask >> lane) & 1) == 0)
            {
                throw new PtxFault(FaultKind.DivergentWarp, $"lane {lane} is not in its own mask 0x{mask:X8}").At(
                    Where(waiting, waiting.Next));
            }

            PtxThread?[] group = [.. threads.Select((t, i) => ((mask >> i) & 1) != 0 && t.Phase != ThreadPhase.Exited ? t : null)];
            if (Array.TrueForAll(group, t => t is null
                || (t.Phase == ThreadPhase.AtWarpInstruction && t.Next == waiting.Next && instruction.Mask(t) == mask)))
            {
                Execute(instruction, group, waiting);
                return true;
            }
        }

        return waiting is null
            ? false
            : throw new PtxFault(
                FaultKind.DivergentWarp,
                $"{threads.Count(t => t.Phase == ThreadPhase.AtWarpInstruction && t.Next == waiting.Next)} lanes wait for lanes of "
                + "their mask that wait elsewhere")
                .At(Where(waiting, waiting.Next));
    }

    private void Execute(WarpInstruction instruction, PtxThread?[] group, PtxThread waiting)
    {
        var lanes = new PtxThread?[Lanes];
        group.CopyTo(lanes, 0);
        try
        {
            instruction.ExecuteTogether(lanes);
        }
        catch (PtxFault fault)
        {
            throw fault.At(Where(waiting, waiting.Next));
        }

        foreach (PtxThread thread in group.OfType<PtxThread>())
        {
            thread.Phase = ThreadPhase.Running;
            thread.Next++;
        }
    }

    private string Where(PtxThread thread, int instruction) => $"{kernel.Name}, {_code[instruction].Place}, {thread.Place}";
}
