using Interp.Engine.Common;

namespace Interp.Weights.TorchExport;

/// <summary>
/// What the names of a program stand for. Operators of a program that was exported as it is may change a tensor in place
/// (<c>relu_</c>): then every later use of it, under whichever name, means the changed tensor. Of another view of the same memory
/// the change cannot be told, so that a later use of that is refused.
/// </summary>
internal sealed class AliasTable
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    /// <summary>Whether the name stands for something.</summary>
    internal bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Whether the name's tensor is one that came in and that nothing may change: a parameter, a buffer.</summary>
    internal bool IsFixed(string name) => _values.TryGetValue(name, out Value? value) && value.Tensor.Memory.IsFixed;

    /// <summary>A name for a tensor of its own.</summary>
    /// <param name="name">The name in the program.</param>
    /// <param name="value">The value in the graph.</param>
    /// <param name="isFixed">Whether it is a parameter or a buffer.</param>
    internal void Add(string name, string value, bool isFixed = false) => Add(name, value, new Tensor(new Memory(isFixed)));

    /// <summary>A name for another view of a tensor.</summary>
    internal void AddView(string name, string value, string of) => Add(name, value, new Tensor(_values[of].Tensor.Memory));

    /// <summary>Another name for a tensor.</summary>
    internal void AddSame(string name, string value, string of) => Add(name, value, _values[of].Tensor);

    /// <summary>A tensor has been changed in place; the new value in the graph.</summary>
    internal void Change(string name, string value)
    {
        Tensor tensor = _values[name].Tensor;
        tensor.Value = value;
        tensor.Seen = ++tensor.Memory.Changes;
        tensor.Changes++;
    }

    /// <summary>The value in the graph that a name stands for.</summary>
    /// <exception cref="ModelException">There is none, or it has been changed by way of another view.</exception>
    internal string Read(string name)
    {
        if (!_values.TryGetValue(name, out Value? value))
        {
            throw new ModelException($"reads the value '{Text.OneLine(name)}', which nothing before it makes");
        }

        Tensor tensor = value.Tensor;
        return tensor.Seen != tensor.Memory.Changes
            ? throw new ModelException($"reads the value '{Text.OneLine(name)}', of which another view was changed in place before; use "
                + "torch.export.export(...).run_decompositions(), which leaves no such changes")
            : tensor.Changes == value.Changes ? value.Name : tensor.Value;
    }

    private void Add(string name, string value, Tensor tensor) => _values[name] = new Value(value, tensor, tensor.Changes);

    /// <summary>Memory that views share.</summary>
    private sealed class Memory(bool isFixed)
    {
        internal bool IsFixed => isFixed;

        internal int Changes { get; set; }
    }

    /// <summary>A tensor; several names may mean it.</summary>
    private sealed class Tensor(Memory memory)
    {
        internal Memory Memory => memory;

        /// <summary>How often the memory had been changed when the tensor's value was last known.</summary>
        internal int Seen { get; set; } = memory.Changes;

        /// <summary>How often it has been changed itself.</summary>
        internal int Changes { get; set; }

        /// <summary>Its value since the last of these changes.</summary>
        internal string Value { get; set; } = "";
    }

    /// <summary>What a name stands for as long as its tensor is not changed again.</summary>
    private sealed record Value(string Name, Tensor Tensor, int Changes);
}
