using System.Collections.Immutable;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Hdf5;
using Interp.Weights.Graphs;

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

        if (into.IsEmpty)
        {
            return;
        }

        int rank = permutation.Length;
        ImmutableArray<long> strides = StoredTensor.RowMajor(source.Shape);
        var sizes = new long[rank];
        var steps = new long[rank];
        var index = new long[rank];
        long offset = 0;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            sizes[axis] = source.Shape[permutation[axis]];
            steps[axis] = strides[permutation[axis]];
            (first, index[axis]) = Math.DivRem(first, sizes[axis]);
            offset += index[axis] * steps[axis];
        }

        for (int i = 0; i < into.Length; i++)
        {
            into[i] = values[offset];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                offset += steps[axis];
                if (++index[axis] < sizes[axis] || axis == 0)
                {
                    break;
                }

                offset -= steps[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
    }
}
