using System.Runtime.InteropServices;
using Interp.Engine.Common;

namespace Interp.Weights.Formats.Pickle;

/// <summary>The pickle machine's stack, with its marks. Values below the last mark are out of reach until the mark is popped.</summary>
/// <param name="error">Makes the error of a pickle that pops what is not there.</param>
internal sealed class PickleStack(Func<string, Exception?, ModelException> error)
{
    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();
    private int _floor;

    /// <summary>Pushes a value.</summary>
    public void Push(object? value) => _values.Add(value);

    /// <summary>Starts a group that <see cref="PopToMark"/> ends.</summary>
    public void Mark()
    {
        _marks.Push(_floor);
        _floor = _values.Count;
    }

    /// <summary>The topmost value.</summary>
    public object? Peek()
    {
        Require(1);
        return _values[^1];
    }

    /// <summary>Pops the topmost value.</summary>
    public object? Pop()
    {
        object? value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>Pops the topmost values, in the order in which they were pushed.</summary>
    public object?[] Pop(int count)
    {
        Require(count);
        object?[] values = CollectionsMarshal.AsSpan(_values)[^count..].ToArray();
        _values.RemoveRange(_values.Count - count, count);
        return values;
    }

    /// <summary>Pops the topmost value, or the last mark if nothing lies on it.</summary>
    public void Discard()
    {
        if (_values.Count == _floor && _marks.Count > 0)
        {
            _floor = _marks.Pop();
        }
        else
        {
            Pop();
        }
    }

    /// <summary>Pops the last mark and the values above it.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw error("ends a group that it did not start", null);
        }

        object?[] values = Pop(_values.Count - _floor);
        _floor = _marks.Pop();
        return values;
    }

    private void Require(int count)
    {
        if (_values.Count - _floor < count)
        {
            throw error("takes more values from its stack than are on it", null);
        }
    }
}
