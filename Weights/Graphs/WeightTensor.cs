using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.PyTorch;

namespace Interp.Weights.Graphs;

/// <summary>A constant that lies in a file of tensors, from which it is read when it is asked for.</summary>
internal sealed class WeightTensor : GraphTensor
{
    private readonly WeightSource _source;
    private readonly WeightEntry _entry;

    private WeightTensor(WeightSource source, WeightEntry entry, ElementType type)
        : base(type, entry.Shape) => (_source, _entry) = (source, entry);

    /// <summary>A tensor of a file, which has to stay open.</summary>
    internal static WeightTensor Of(WeightSource source, WeightEntry entry) =>
        new(source, entry, TorchGlobals.Find($"torch.{entry.Type}") as ElementType
            ?? throw new ModelException($"{source.Path}: {WeightFile.Quote(entry.Name)} holds {entry.Type}, which cannot be read"));

    internal override void Read(long first, Span<double> into) => _source.Read(_entry, first, into);
}
