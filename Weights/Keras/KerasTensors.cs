using System.Collections.Immutable;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Hdf5;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Keras;

/// <summary>An array of the file.</summary>
internal sealed class StoredArray(Hdf5Dataset dataset) : GraphTensor(dataset.Type, dataset.Shape)
{
    internal override void Read(long first, Span<double> into) => dataset.Read(first, into);
}

/// <summary>An array with its axes in another order, and maybe taken together: element i of it is element i of the permuted one.</summary>
/// <param name="source">The array.</param>
/// <param name="permutation">Axis k of the permuted one is axis <c>permutation[k]</c> of the source.</param>
/// <param name="shape">Its own shape.</param>
internal sealed class PermutedArray(GraphTensor source, ImmutableArray<int> permutation, ImmutableArray<long> shape)
    : GraphTensor(source.Type, shape)
{
    private WeakReference<double[]>? _values;

    internal override void Read(long first, Span<double> into)
    {
        if (_values is null || !_values.TryGetTarget(out double[]? values))
        {
            values = source.Read();
            _values = new WeakReference<double[]>(values);
        }

        ImmutableArray<long> strides = StoredTensor.RowMajor(source.Shape);
        ImmutableArray<int> sizes = [.. permutation.Select(a => (int)source.Shape[a])];
        new StridedPlacement(sizes, 0, [.. permutation.Select(a => strides[a])]).Fill<double>(values, first, into);
    }
}
