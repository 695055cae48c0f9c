using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>
/// A device that executes a module's PTX and stops at what a GPU would punish or leave undefined: see <see cref="FaultKind"/>. Memory is sequentially consistent,
/// blocks run one after another.
/// </summary>
internal sealed class Machine(PtxModule module, Schedule schedule)
{
    private readonly GlobalMemory _memory = new(module);

    /// <summary>How many instructions have been executed.</summary>
    internal long Executed { get; private set; }

    /// <summary>A buffer that holds values.</summary>
    internal DeviceBuffer<T> Upload<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        TrackedWindow window = _memory.Allocate(name, bytes.Length, (0, bytes.Length));
        window.Fill(bytes);
        return new DeviceBuffer<T>(window);
    }

    /// <summary>A buffer of which nothing was written.</summary>
    internal DeviceBuffer<T> Allocate<T>(string name, int count)
        where T : unmanaged => AllocatePart<T>(name, count, 0, count);

    /// <summary>A buffer of which only a part may be touched: for sizes that memory does not have.</summary>
    internal DeviceBuffer<T> AllocatePart<T>(string name, long count, long start, int kept)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        return new DeviceBuffer<T>(_memory.Allocate(name, count * size, (start * size, kept * size)));
    }

    /// <summary>Launches a kernel on all blocks of a grid.</summary>
    /// <exception cref="PtxFault">What the kernel does wrong, with the place.</exception>
    internal void Launch(string kernel, Dim3 blocks, Dim3 threads, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(kernel, blocks, threads, Enumerable.Range(0, checked((int)blocks.Count)).Select(i => (long)i).ToArray(), arguments);

    /// <summary>Launches a kernel on a grid of which only some blocks run, named by their numbers.</summary>
    /// <exception cref="PtxFault">What the kernel does wrong, with the place.</exception>
    internal void Launch(string kernel, Dim3 blocks, Dim3 threads, long[] chosen, params ReadOnlySpan<KernelArgument> arguments)
    {
        PtxKernel entry = module.Kernel(kernel);
        int[] sizes = [.. entry.Parameters.Select(p => p.Bytes)];
        ulong[] values = new ulong[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i] = i < sizes.Length && arguments[i].Bytes == sizes[i]
                ? arguments[i].Bits
                : throw new PtxFault(FaultKind.Launch, $"{kernel}: argument {i} has {arguments[i].Bytes} bytes; the parameters have {string.Join(',', sizes)}");
        }

        if (arguments.Length != sizes.Length)
        {
            throw new PtxFault(FaultKind.Launch, $"{kernel}: {arguments.Length} arguments for {sizes.Length} parameters");
        }

        if (threads.Count is 0 || threads.Count > entry.MostThreads || blocks.Count == 0 || blocks.Y > ushort.MaxValue || blocks.Z > ushort.MaxValue)
        {
            throw new PtxFault(FaultKind.Launch, $"{kernel}: a grid of {blocks} blocks of {threads} threads; at most {entry.MostThreads} threads");
        }

        _memory.StartLaunch();
        var block = new ThreadBlock(entry, _memory, schedule, (int)threads.Count);
        foreach (int i in schedule.Order(chosen.Length))
        {
            block.Run(blocks.PlaceOf(chosen[i]), i, threads, blocks, values);
        }

        Executed += block.Executed;
    }
}
