using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>
/// A fully connected layer with a part of its weights, made of the weights where they lie while they are read: a copy of VGG's would take
/// longer than the products, which are bound by memory. Only the rows of outputs that count are read. Sums are in float64: of a row,
/// sixteen of columns sixteen apart, added in order; of a column, the rows in order.
/// </summary>
internal sealed unsafe class RowsRun : PartRun
{
    /// <summary>Rows that go through a loop together.</summary>
    private const int Rows = 4;

    /// <summary>Columns of a task: 8 KiB of float64 sums.</summary>
    private const int Columns = 1024;

    private readonly Weight _weight;
    private readonly WeightPart _part;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <param name="node">The layer's node.</param>
    /// <param name="part">What becomes of its weights, and of its biases too.</param>
    /// <param name="bias">Whether it adds its biases.</param>
    /// <param name="work">Arrays, and arithmetic on them.</param>
    public RowsRun(Node node, WeightPart part, bool bias, ArrayWork work) : base(BiasOf(node, part, bias), work)
    {
        var layer = (Linear)node.Layer;
        (_weight, _part, _inputs, _outputs) = (node.Weights[0], part, layer.InFeatures, layer.OutFeatures);
    }

    /// <inheritdoc/>
    protected override bool IsPartial => true;

    private int Whole => _inputs / Vector512<float>.Count * Vector512<float>.Count;

    /// <inheritdoc/>
    public override float[] Back(float[] s)
    {
        float[] result = Work.Take(_inputs);
        int[] rows = Nonzero(s);
        Work.Each((_inputs + Columns - 1) / Columns, task => BackColumns(s, rows, task * Columns, result));
        GC.KeepAlive(_weight);
        return result;
    }

    /// <inheritdoc/>
    protected override void Start(float[] x)
    {
    }

    /// <inheritdoc/>
    protected override float[] Read(float[] x, float[]? wanted)
    {
        float[] y = Work.Keep(_outputs);
        Array.Clear(y);
        int[] rows = wanted is null ? [.. Enumerable.Range(0, _outputs)] : Nonzero(wanted);
        Work.Each(
            (rows.Length + Rows - 1) / Rows,
            task => ForwardRows(x, rows.AsSpan(task * Rows, Math.Min(Rows, rows.Length - (task * Rows))), y));
        GC.KeepAlive(_weight);
        return y;
    }

    private static float[] BiasOf(Node node, WeightPart part, bool bias)
    {
        float[] values = bias && ((Linear)node.Layer).Bias ? node.Weights[1].ToArray() : [];
        part.Apply(values);
        return values;
    }

    private static int[] Nonzero(float[] values)
    {
        var rows = new List<int>(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                rows.Add(i);
            }
        }

        return [.. rows];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardRows(float[] x, ReadOnlySpan<int> rows, float[] y)
    {
        foreach (int row in rows)
        {
            Vector512<double> low = Vector512<double>.Zero, high = Vector512<double>.Zero;
            for (int c = 0; c < _inputs; c += Vector512<float>.Count)
            {
                Vector512<float> w = _part.Apply(Load(row, c)), v = c < Whole ? Vector512.Create(x.AsSpan(c)) : Rest(x.AsSpan(c));
                low += Vector512.WidenLower(w) * Vector512.WidenLower(v);
                high += Vector512.WidenUpper(w) * Vector512.WidenUpper(v);
            }

            double sum = 0;
            for (int lane = 0; lane < Vector512<double>.Count; lane++)
            {
                sum += low[lane] + high[lane];
            }

            y[row] = (float)(sum + (Bias.Length > 0 ? Bias[row] : 0));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackColumns(float[] s, int[] rows, int first, float[] result)
    {
        int columns = Math.Min(Columns, _inputs - first);
        double* sums = stackalloc double[Columns];
        new Span<double>(sums, Columns).Clear();
        for (int r = 0; r < rows.Length; r += Rows)
        {
            int a = rows[r], b = rows[Math.Min(r + 1, rows.Length - 1)];
            int c = rows[Math.Min(r + 2, rows.Length - 1)], d = rows[Math.Min(r + 3, rows.Length - 1)];
            (float ga, float gb) = (s[a], r + 1 < rows.Length ? s[b] : 0);
            (float gc, float gd) = (r + 2 < rows.Length ? s[c] : 0, r + 3 < rows.Length ? s[d] : 0);
            Vector512<double> va = Vector512.Create((double)ga), vb = Vector512.Create((double)gb);
            Vector512<double> vc = Vector512.Create((double)gc), vd = Vector512.Create((double)gd);
            for (int i = 0; i < columns; i += Vector512<float>.Count)
            {
                Vector512<float> wa = _part.Apply(Load(a, first + i)), wb = _part.Apply(Load(b, first + i));
                Vector512<float> wc = _part.Apply(Load(c, first + i)), wd = _part.Apply(Load(d, first + i));
                Vector512<double> low = Vector512.Load(sums + i), high = Vector512.Load(sums + i + Vector512<double>.Count);
                low = low + (Vector512.WidenLower(wa) * va) + (Vector512.WidenLower(wb) * vb) + (Vector512.WidenLower(wc) * vc)
                    + (Vector512.WidenLower(wd) * vd);
                high = high + (Vector512.WidenUpper(wa) * va) + (Vector512.WidenUpper(wb) * vb) + (Vector512.WidenUpper(wc) * vc)
                    + (Vector512.WidenUpper(wd) * vd);
                low.Store(sums + i);
                high.Store(sums + i + Vector512<double>.Count);
            }
        }

        for (int i = 0; i < columns; i++)
        {
            result[first + i] = (float)sums[i];
        }
    }

    /// <summary>Sixteen weights of a row from a column on, zeros behind its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Load(int row, int column)
    {
        long at = ((long)row * _inputs) + column;
        if (column >= Whole)
        {
            return Rest(at, _inputs - column);
        }

        if (_weight.DType == DType.Float32)
        {
            return Vector512.Load((float*)_weight.Address + at);
        }

        Vector256<short> halves = Vector256.Load((short*)_weight.Address + at);
        return Vector512.Create(
            HalfConversion.Widen(Vector256.WidenLower(halves)), HalfConversion.Widen(Vector256.WidenUpper(halves)));
    }

    private Vector512<float> Rest(long at, int count)
    {
        Span<float> values = stackalloc float[Vector512<float>.Count];
        values.Clear();
        _weight.CopyTo(at, values[..count]);
        return Vector512.Create<float>(values);
    }

    private static Vector512<float> Rest(ReadOnlySpan<float> x)
    {
        Span<float> values = stackalloc float[Vector512<float>.Count];
        values.Clear();
        x.CopyTo(values);
        return Vector512.Create<float>(values);
    }
}
