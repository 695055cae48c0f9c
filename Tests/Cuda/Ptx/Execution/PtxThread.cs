using System.Runtime.CompilerServices;
using Interp.Tests.Cuda.Ptx.Parsing;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>A thread: its slots, each with a mark whether it was ever written, and where it stands.</summary>
internal sealed class PtxThread
{
    private readonly PtxKernel _kernel;
    private readonly ulong[] _values;
    private readonly bool[] _defined;
    private readonly MemoryWindow?[] _local;

    internal PtxThread(PtxKernel kernel, ThreadBlock block)
    {
        (_kernel, Block) = (kernel, block);
        (_values, _defined) = (new ulong[kernel.Slots.Count], new bool[kernel.Slots.Count]);
        _local = [.. kernel.Variables.Select(v => v.Space == StateSpace.Local ? new MemoryWindow(v.Name, v.Space, v.Address, v.Bytes)
            : null)];
    }

    internal ThreadBlock Block { get; }

    internal GridPlace Place { get; private set; }

    /// <summary>Its number in the grid.</summary>
    internal int Number { get; private set; }

    internal ThreadPhase Phase { get; set; }

    /// <summary>The instruction at which it waits, or to which it jumps.</summary>
    internal int Next { get; set; }

    internal ulong this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _defined[slot] ? _values[slot] : throw Undefined(slot);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            _values[slot] = value;
            _defined[slot] = true;
        }
    }

    /// <summary>Begins the kernel anew, at another place in the grid.</summary>
    internal void Start(GridPlace place, int number, ReadOnlySpan<ulong> arguments)
    {
        (Place, Number, Phase, Next) = (place, number, ThreadPhase.Running, 0);
        _kernel.Slots.CopyTo(_values, _defined);
        foreach ((string name, int slot) in _kernel.Slots.Special)
        {
            _values[slot] = SpecialRegister.Read(name, place);
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            _values[_kernel.Parameters[i].Slot] = arguments[i];
        }

        foreach (MemoryWindow? local in _local)
        {
            local?.Clear();
        }
    }

    /// <summary>The memory in which an address lies.</summary>
    internal MemoryWindow Find(ulong address, StateSpace space)
    {
        (WindowKind kind, int index) = AddressMap.Find(address);
        MemoryWindow? window = kind == WindowKind.Local ? _local.ElementAtOrDefault(index) : Block.Find(kind, index);
        if (window is null)
        {
            throw new PtxFault(FaultKind.OutOfBounds, $"address 0x{address:X} lies in no memory");
        }

        return space == StateSpace.Generic || space == window.Space
            ? window
            : throw new PtxFault(FaultKind.WrongSpace, $"'{window.Name}' lies in {window.Space} memory, not in {space}");
    }

    private PtxFault Undefined(int slot) =>
        new(FaultKind.UninitializedRegister, $"register {_kernel.Slots.NameOf(slot)} is read before it is written");
}
