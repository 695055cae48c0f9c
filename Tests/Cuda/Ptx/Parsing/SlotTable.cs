namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>
/// The slots of 64 bits that a thread of a kernel has: registers, constants, parameters and special registers alike, so that every operand
/// is a slot.
/// Values stand in the lowest bits.
/// </summary>
internal sealed class SlotTable
{
    private readonly List<string> _names = [];
    private readonly List<ulong> _values = [];
    private readonly List<bool> _defined = [];
    private readonly Dictionary<ulong, int> _constants = [];
    private readonly Dictionary<string, int> _special = [];
    private readonly Stack<Dictionary<string, int>> _scopes = new([[]]);

    internal SlotTable() => Declare("_");

    internal int Count => _names.Count;

    /// <summary>Special registers that the kernel uses.</summary>
    internal IReadOnlyDictionary<string, int> Special => _special;

    internal void Open() => _scopes.Push([]);

    internal void Close() => _scopes.Pop();

    /// <summary>A register of the innermost scope.</summary>
    internal int Declare(string name) => _scopes.Peek()[name] = Add(name, 0, false);

    /// <summary>A slot that each launch fills.</summary>
    internal int DeclareParameter(string name) => Add(name, 0, true);

    internal int Constant(ulong value)
    {
        if (!_constants.TryGetValue(value, out int slot))
        {
            _constants[value] = slot = Add($"0x{value:X}", value, true);
        }

        return slot;
    }

    /// <summary>The register of a name, from the innermost scope that has it.</summary>
    internal bool TryFind(string name, out int slot)
    {
        foreach (Dictionary<string, int> scope in _scopes)
        {
            if (scope.TryGetValue(name, out slot))
            {
                return true;
            }
        }

        if (!SpecialRegister.Exists(name))
        {
            slot = 0;
            return false;
        }

        if (!_special.TryGetValue(name, out slot))
        {
            _special[name] = slot = Add(name, 0, true);
        }

        return true;
    }

    internal string NameOf(int slot) => _names[slot];

    /// <summary>Gives a thread its constants and takes from it everything else.</summary>
    internal void CopyTo(ulong[] values, bool[] defined)
    {
        _values.CopyTo(values);
        _defined.CopyTo(defined);
    }

    private int Add(string name, ulong value, bool defined)
    {
        _names.Add(name);
        _values.Add(value);
        _defined.Add(defined);
        return _names.Count - 1;
    }
}
