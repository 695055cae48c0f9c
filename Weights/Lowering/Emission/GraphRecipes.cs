using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Emission;

/// <summary>A parameter that is a constant of a graph.</summary>
internal sealed class GraphRecipe(string name, Shape shape, GraphTensor tensor) : TensorRecipe(name, shape)
{
    internal override void Read(WeightSource source, long first, Span<double> into) => tensor.Read(first, into);
}

/// <summary>A parameter under another shape.</summary>
internal sealed class ReshapedRecipe(TensorRecipe recipe, Shape shape) : TensorRecipe(recipe.Name, shape)
{
    internal override void Read(WeightSource source, long first, Span<double> into) => recipe.Read(source, first, into);
}

/// <summary>
/// The weight <c>[O,P]</c> of a layer over P features, made of a matrix over K of them, or over the same in another order: column k of the
/// matrix, times a factor, is added to column <c>places[k]</c>. Rows are read in bands, so that a matrix that is stored the other way
/// round is not read element by element.
/// </summary>
/// <param name="source">The matrix, <c>[O,K]</c>, or <c>[K,O]</c> where it is stored the other way round.</param>
/// <param name="rows">O.</param>
/// <param name="columns">P.</param>
/// <param name="transposed">Whether it is stored the other way round.</param>
/// <param name="places">For each of the K columns its place, or −1 for none; null where they are in order.</param>
/// <param name="factor">The factor.</param>
internal sealed class MatrixTensor(GraphTensor source, int rows, int columns, bool transposed, int[]? places, double factor = 1)
    : GraphTensor(source.Type, [rows, columns])
{
    /// <summary>Numbers of a band: 16 MiB.</summary>
    private const int BandSize = 1 << 21;

    private readonly int _own = (int)(source.Count / rows);
    private readonly double[] _row = new double[columns];
    private double[] _band = [];
    private int _first, _count, _rowHeld = -1;

    internal override void Read(long first, Span<double> into)
    {
        for (int done = 0; done < into.Length;)
        {
            int row = (int)((first + done) / columns), column = (int)((first + done) % columns);
            int take = Math.Min(columns - column, into.Length - done);
            Row(row).AsSpan(column, take).CopyTo(into[done..]);
            done += take;
        }

        if (first + into.Length == Count)
        {
            (_band, _count, _rowHeld) = ([], 0, -1);
        }
    }

    private double[] Row(int row)
    {
        if (row == _rowHeld)
        {
            return _row;
        }

        if (row < _first || row >= _first + _count)
        {
            Load(row);
        }

        ReadOnlySpan<double> values = _band.AsSpan((row - _first) * _own, _own);
        Array.Clear(_row);
        for (int k = 0; k < values.Length; k++)
        {
            if ((places is null ? k : places[k]) is >= 0 and var place)
            {
                _row[place] += factor == 1 ? values[k] : factor * values[k];
            }
        }

        _rowHeld = row;
        return _row;
    }

    private void Load(int row)
    {
        (_first, _count) = (row, Math.Min(rows - row, Math.Max(1, BandSize / _own)));
        int size = _count * _own;
        if (_band.Length != size)
        {
            _band = new double[size];
        }

        if (!transposed)
        {
            source.Read((long)row * _own, _band);
            return;
        }

        var piece = new double[_count];
        for (int k = 0; k < _own; k++)
        {
            source.Read((long)k * rows + row, piece);
            for (int r = 0; r < piece.Length; r++)
            {
                _band[r * _own + k] = piece[r];
            }
        }
    }
}
