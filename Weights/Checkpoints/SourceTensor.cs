using Interp.Weights.Formats;

namespace Interp.Weights.Checkpoints;

/// <summary>A tensor under the name by which the network knows it, and how its values come from the file.</summary>
/// <param name="Entry">Its name, type and sizes.</param>
internal abstract record SourceTensor(WeightEntry Entry)
{
    internal string Name => Entry.Name;

    /// <summary>Computes <c>into.Length</c> values from element <paramref name="first"/> on, in row-major order, in float64.</summary>
    internal abstract void Read(WeightSource file, long first, Span<double> into);
}

/// <summary>A tensor of the file under another name.</summary>
internal sealed record FileTensor(WeightEntry Entry, WeightEntry Stored) : SourceTensor(Entry)
{
    internal override void Read(WeightSource file, long first, Span<double> into) => file.Read(Stored, first, into);
}
