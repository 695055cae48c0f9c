using System.Collections.Immutable;

namespace Interp.Weights.Formats;

/// <summary>One tensor in a weight file: what its header says of it, checked against the file's size.</summary>
/// <param name="Name">Its name as stored: <c>features.0.weight</c>.</param>
/// <param name="Type">Element type as the format calls it: <c>float32</c>, <c>bfloat16</c>, <c>int64</c>, …</param>
/// <param name="Shape">Its sizes, outermost first.</param>
public sealed record WeightEntry(string Name, string Type, ImmutableArray<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>An open weight file. Reading it runs nothing that is in it.</summary>
public abstract class WeightSource : IDisposable
{
    /// <summary>The file.</summary>
    public abstract string Path { get; }

    /// <summary>The tensors in file order. Names are unique.</summary>
    public abstract IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>
    /// Reads one tensor in row-major order, converted to float64: float16, bfloat16 and float32 exactly, float64 as it is, integers exactly up to 2^53.
    /// </summary>
    /// <exception cref="Engine.Common.ModelException">The data is not there or its type is not a number type.</exception>
    public abstract double[] Read(WeightEntry entry);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A weight file format.</summary>
public interface IWeightFormat
{
    /// <summary>Its name: <c>pytorch-zip</c>.</summary>
    string Name { get; }

    /// <summary>Whether a file that starts with these bytes (up to 64) is of this format.</summary>
    bool Matches(ReadOnlySpan<byte> head);

    /// <summary>Opens a file of this format: reads and checks its table of tensors, not their data.</summary>
    /// <exception cref="Engine.Common.ModelException">The file is damaged or holds something that is not allowed; one line says what.</exception>
    WeightSource Open(string path);
}
