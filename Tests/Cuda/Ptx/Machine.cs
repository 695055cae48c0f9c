using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Kernels;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>
/// A device that executes a module's PTX and stops at what a GPU would punish or leave undefined: see <see cref="FaultKind"/>. Memory is
/// sequentially consistent,
/// blocks run one after another.
/// </summary>
internal sealed class Machine(PtxModule module, Schedule schedule) : IKernelDevice
{
    private readonly GlobalMemory _memory = new(module);

    /// <summary>How many instructions have been executed.</summary>
    internal long Executed { get; private set; }

    /// <inheritdoc/>
    public IDeviceBytes Allocate(string name, long length, (long Start, int Count) kept) => _memory.Allocate(name, length, kept);

    /// <inheritdoc/>
    /// <exception cref="PtxFault">What the kernel does wrong, with the place.</exception>
    public void Launch(string kernel, Dim3 blocks, Dim3 threads, long[]? chosen, params ReadOnlySpan<KernelArgument> arguments)
    {
        PtxKernel entry = module.Kernel(kernel);
        int[] sizes = [.. entry.Parameters.Select(p => p.Bytes)];
        ulong[] values = new ulong[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i] = i < sizes.Length && arguments[i].Bytes == sizes[i]
                ? arguments[i].Bits
                : throw new PtxFault(FaultKind.Launch,
                $"{kernel}: argument {i} has {arguments[i].Bytes} bytes; the parameters have {string.Join(',', sizes)}");
        }

        if (arguments.Length != sizes.Length)
        {
            throw new PtxFault(FaultKind.Launch, $"{kernel}: {arguments.Length} arguments for {sizes.Length} parameters");
        }

        if (threads.Count is 0 || threads.Count > entry.MostThreads || blocks.Count == 0 || blocks.Y > ushort.MaxValue
            || blocks.Z > ushort.MaxValue)
        {
            throw new PtxFault(FaultKind.Launch,
                $"{kernel}: a grid of {blocks} blocks of {threads} threads; at most {entry.MostThreads} threads");
        }

        _memory.StartLaunch();
        var block = new ThreadBlock(entry, _memory, schedule, (int)threads.Count);
        long[] run = chosen ?? [.. Enumerable.Range(0, checked((int)blocks.Count))];
        foreach (int i in schedule.Order(run.Length))
        {
            block.Run(blocks.PlaceOf(run[i]), i, threads, blocks, values);
        }

        Executed += block.Executed;
    }
}
