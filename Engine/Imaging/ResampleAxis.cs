using Interp.Engine.Models;

namespace Interp.Engine.Imaging;

/// <summary>
/// One direction of a resize: for every position of the result the first source position and the coefficients from there on (none outside
/// the image), whole numbers of which 2^22 are 1, as Pillow has them.
/// </summary>
internal sealed class ResampleAxis
{
    internal const int PrecisionBits = 22;

    /// <param name="filter">The filter.</param>
    /// <param name="source">Size of the source.</param>
    /// <param name="resized">Size of the whole resized image.</param>
    /// <param name="offset">Where in it the result begins; may be negative.</param>
    /// <param name="length">Size of the result.</param>
    internal ResampleAxis(Interpolation filter, int source, long resized, long offset, int length)
        : this(new int[length], new int[length][])
    {
        double scale = source / (double)resized;
        for (int i = 0; i < length; i++)
        {
            long at = offset + i;
            (Starts[i], Coefficients[i]) = at >= 0 && at < resized ? Taps(filter, source, scale, at) : (0, []);
        }
    }

    private ResampleAxis(int[] starts, int[][] coefficients) => (Starts, Coefficients) = (starts, coefficients);

    internal int Length => Starts.Length;

    internal int[] Starts { get; }

    internal int[][] Coefficients { get; }

    /// <summary>The source positions that are needed at all.</summary>
    internal (int First, int End) SourceRange
    {
        get
        {
            int[] used = [.. Enumerable.Range(0, Length).Where(i => Coefficients[i].Length > 0)];
            return (used.Min(i => Starts[i]), used.Max(i => Starts[i] + Coefficients[i].Length));
        }
    }

    /// <summary>The same for a source of which only what lies from a position on is there.</summary>
    internal ResampleAxis From(int first) =>
        new([.. Starts.Select((s, i) => Coefficients[i].Length > 0 ? s - first : 0)], Coefficients);

    /// <summary>The transpose: for every source position the results that it is part of, and its coefficient in each.</summary>
    /// <param name="source">Size of the source.</param>
    internal ResampleAxis Transposed(int source)
    {
        var starts = new int[source];
        var ends = new int[source];
        for (int i = 0; i < Length; i++)
        {
            for (int j = Starts[i]; j < Starts[i] + Coefficients[i].Length; j++)
            {
                starts[j] = ends[j] == 0 ? i : starts[j];
                ends[j] = i + 1;
            }
        }

        var coefficients = new int[source][];
        for (int j = 0; j < source; j++)
        {
            int at = j;
            coefficients[j] = [.. Enumerable.Range(starts[j], ends[j] - starts[j]).Select(i => Of(i, at))];
        }

        return new ResampleAxis(starts, coefficients);

        int Of(int i, int j) => j >= Starts[i] && j < Starts[i] + Coefficients[i].Length ? Coefficients[i][j - Starts[i]] : 0;
    }

    private static (int Start, int[] Coefficients) Taps(Interpolation filter, int source, double scale, long at)
    {
        double widening = Math.Max(scale, 1.0), support = filter.Support * widening;
        double center = (at + 0.5) * scale;
        int start = Math.Max((int)(center - support + 0.5), 0);
        int end = Math.Min((int)(center + support + 0.5), source);
        var weights = new double[end - start];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = filter.Weight((i + start - center + 0.5) * (1.0 / widening));
            sum += weights[i];
        }

        return (start, [.. weights.Select(w => (int)((w < 0 ? -0.5 : 0.5) + (w / sum * (1 << PrecisionBits))))]);
    }
}
