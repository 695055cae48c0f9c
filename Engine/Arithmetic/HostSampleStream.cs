using System.Numerics;

namespace Interp.Engine.Arithmetic;

/// <summary>A stream on the host: every value by vectors, on all threads of the host's arithmetic, none of them made for one sample
/// alone unless a term needs it twice.</summary>
/// <param name="math">Whose threads.</param>
internal sealed class HostSampleStream(HostImageMath math) : ISampleStream
{
    private readonly RunningMoments _moments = new(math);
    private double[] _sum = [];
    private int _terms;

    /// <inheritdoc/>
    public double[] Mean => _moments.Mean;

    /// <inheritdoc/>
    public double[] Variance => _moments.Variance;

    /// <inheritdoc/>
    public void Add(double[] values) => _moments.Add(values);

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<LinePoint> points, HeldValues inputs)
    {
        float[] array = ((HostValues)inputs).Array;
        int each = array.Length / points.Length;
        for (int r = 0; r < points.Length; r++)
        {
            (ImageLine line, double share) = points[r];
            Memory<float> row = array.AsMemory(r * each, each);
            if (line.Start is null)
            {
                Write(line.End, row);
                continue;
            }

            float[] start = line.Start.On(math), end = line.End.On(math);
            math.InParts(each, (first, count) =>
                Interpolate(start.AsSpan(first, count), end.AsSpan(first, count), share, row.Span.Slice(first, count)));
        }
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<GradientTerm> terms, int each, HeldValues gradients)
    {
        float[] array = ((HostValues)gradients).Array;
        int length = array.Length / terms.Length;
        _sum = _sum.Length == length ? _sum : new double[length];
        for (int r = 0; r < terms.Length; r++)
        {
            double factor = terms[r].Factor;
            ReadOnlyMemory<float> row = array.AsMemory(r * length, length);
            (float[]? start, float[]? end) = terms[r].Way is { } way ? (way.Start?.On(math), way.End.On(math)) : (null, null);
            bool isWhole = ++_terms % each == 0;
            if (isWhole)
            {
                _moments.Begin(length);
            }

            math.InParts(length, (first, count) =>
            {
                Span<double> sum = _sum.AsSpan(first, count);
                AddTerm(row.Span.Slice(first, count), factor, Part(start, first, count), Part(end, first, count), sum);
                if (isWhole)
                {
                    _moments.Take(first, sum);
                    sum.Clear();
                }
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _moments.Dispose();

    private static ReadOnlySpan<float> Part(float[]? values, int first, int count) => values is null ? [] : values.AsSpan(first, count);

    private static void Interpolate(ReadOnlySpan<float> start, ReadOnlySpan<float> end, double share, Span<float> to)
    {
        int i = 0, lanes = Vector<float>.Count;
        var alpha = new Vector<double>(share);
        for (; i + lanes <= to.Length; i += lanes)
        {
            Vector.Widen(new Vector<float>(start[i..]), out Vector<double> s0, out Vector<double> s1);
            Vector.Widen(new Vector<float>(end[i..]), out Vector<double> e0, out Vector<double> e1);
            Vector.Narrow(s0 + (alpha * (e0 - s0)), s1 + (alpha * (e1 - s1))).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] = (float)(start[i] + (share * ((double)end[i] - start[i])));
        }
    }

    /// <summary>sum += f·w ⊙ g, with w the way from start to end, the end alone, or 1.</summary>
    private static void AddTerm(
        ReadOnlySpan<float> gradient, double factor, ReadOnlySpan<float> start, ReadOnlySpan<float> end, Span<double> sum)
    {
        int i = 0, lanes = Vector<float>.Count, half = Vector<double>.Count;
        var f = new Vector<double>(factor);
        for (; i + lanes <= gradient.Length; i += lanes)
        {
            Vector.Widen(new Vector<float>(gradient[i..]), out Vector<double> low, out Vector<double> high);
            if (!end.IsEmpty)
            {
                var way = new Vector<float>(end[i..]);
                Vector.Widen(start.IsEmpty ? way : way - new Vector<float>(start[i..]), out Vector<double> w0, out Vector<double> w1);
                (low, high) = (w0 * low, w1 * high);
            }

            (new Vector<double>(sum[i..]) + (f * low)).CopyTo(sum[i..]);
            (new Vector<double>(sum[(i + half)..]) + (f * high)).CopyTo(sum[(i + half)..]);
        }

        for (; i < gradient.Length; i++)
        {
            double way = end.IsEmpty ? 1 : start.IsEmpty ? end[i] : end[i] - start[i];
            sum[i] += factor * (way * gradient[i]);
        }
    }

    private void Write(NoisyImage image, Memory<float> row)
    {
        if (image.Sigma == 0)
        {
            image.Values.CopyTo(row);
        }
        else
        {
            math.AddNoise(image.Values, image.Sigma, image.Noise, row);
        }
    }
}
