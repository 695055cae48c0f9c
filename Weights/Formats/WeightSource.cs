using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Formats;

/// <summary>One tensor in a weight file: what its header says of it, checked against the file's size.</summary>
/// <param name="Name">Its name as stored: <c>features.0.weight</c>.</param>
/// <param name="Type">Element type as the format calls it: <c>float32</c>, <c>bfloat16</c>, <c>int64</c>, …</param>
/// <param name="Shape">Its sizes, outermost first.</param>
public sealed record WeightEntry(string Name, string Type, ImmutableArray<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Whether it holds floating point numbers that can be read, as weights are; not integers, 8-bit floats, complex
    /// ones.</summary>
    public bool IsReal => Type is "float64" or "float32" or "float16" or "bfloat16";
}

/// <summary>An open weight file. Reading it runs nothing that is in it.</summary>
public abstract class WeightSource : IDisposable
{
    /// <summary>The file.</summary>
    public abstract string Path { get; }

    /// <summary>The tensors in file order. Names are unique.</summary>
    public abstract IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>What the file says of the modules that the tensors belong to, or null if it holds tensors alone.</summary>
    internal virtual ModuleTree? Modules => null;

    /// <summary>
    /// Reads <c>destination.Length</c> elements of a tensor, from element <paramref name="first"/> of its row-major order on, converted to
    /// float64: float16, bfloat16 and float32 exactly, float64 as it is, integers exactly up to 2^53, bool as 0 and 1. A large tensor
    /// can be read in chunks; no more than a chunk is held, except of a tensor that is stored out of row-major order: the part of the file
    /// that it covers stays in native memory until another such tensor is read. For one thread at a time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie inside the tensor.</exception>
    /// <exception cref="ModelException">The data cannot be read or its type is not one that can be converted.</exception>
    public abstract void Read(WeightEntry entry, long first, Span<double> destination);

    /// <summary>Reads a whole tensor into a new array; see the other overload.</summary>
    /// <exception cref="ModelException">The data cannot be read, or the tensor has more elements than an array can hold.</exception>
    /// <exception cref="BackendException">There is not enough memory.</exception>
    public double[] Read(WeightEntry entry)
    {
        if (entry.Count > Array.MaxLength)
        {
            throw new ModelException($"{Path}: {entry.Name} has {entry.Count} elements, an array holds at most {Array.MaxLength}");
        }

        double[] values;
        try
        {
            values = new double[entry.Count];
        }
        catch (OutOfMemoryException e)
        {
            throw new BackendException($"{Path}: {entry.Name} needs {entry.Count * 8} bytes of memory, which are not available; free "
                + "some", e);
        }

        Read(entry, 0, values);
        return values;
    }

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

    /// <summary>Whether a file that starts with these bytes (up to 512) is of this format.</summary>
    bool Matches(ReadOnlySpan<byte> head);

    /// <summary>Opens a file of this format: reads and checks its table of tensors, not their data.</summary>
    /// <exception cref="ModelException">The file is damaged or holds something that is not allowed; one line says what.</exception>
    WeightSource Open(string path);
}
