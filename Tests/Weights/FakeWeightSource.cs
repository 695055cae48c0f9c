using System.Collections.Immutable;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights;

/// <summary>A state dict in memory.</summary>
internal sealed class FakeWeightSource : WeightSource
{
    private readonly List<WeightEntry> _entries = [];
    private readonly Dictionary<string, double[]> _values = [];

    public override string Path => "fake.pth";

    public override IReadOnlyList<WeightEntry> Entries => _entries;

    /// <summary>The largest piece that was asked for at once.</summary>
    internal int LargestRead { get; private set; }

    /// <summary>Called before each read.</summary>
    internal Action<string, long>? OnRead { get; set; }

    internal double[] this[string name] => _values[name];

    internal FakeWeightSource Set(string name, long[] shape, Func<long, double> value)
    {
        long count = shape.Aggregate(1L, (a, b) => a * b);
        return Set(name, shape, [.. Enumerable.Range(0, (int)count).Select(i => value(i))]);
    }

    internal FakeWeightSource Set(string name, long[] shape, double[] values)
    {
        Remove(name);
        _entries.Add(new WeightEntry(name, "float32", [.. shape]));
        _values[name] = values;
        return this;
    }

    internal FakeWeightSource Remove(string name)
    {
        _entries.RemoveAll(e => e.Name == name);
        _values.Remove(name);
        return this;
    }

    public override void Read(WeightEntry entry, long first, Span<double> destination)
    {
        OnRead?.Invoke(entry.Name, first);
        LargestRead = Math.Max(LargestRead, destination.Length);
        _values[entry.Name].AsSpan((int)first, destination.Length).CopyTo(destination);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
