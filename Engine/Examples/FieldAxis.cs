namespace Interp.Engine.Examples;

/// <summary>The receptive fields of a layer along one axis.</summary>
internal sealed class FieldAxis
{
    private const int Nothing = int.MaxValue;
    private readonly (int First, int Last)[] _fields; // cut off at the border; First is Nothing and Last -1 for a position that sees none

    private FieldAxis((int First, int Last)[] fields, int size, int? stride, int start) =>
        (_fields, Size, Stride, Start) = (fields, size, stride, start);

    internal int Length => _fields.Length;

    /// <summary>Pixels of one field, before it is cut off.</summary>
    internal int Size { get; }

    /// <summary>Pixels between two fields, or null where the steps differ.</summary>
    internal int? Stride { get; }

    /// <summary>Start of the first field, before it is cut off.</summary>
    internal int Start { get; }

    /// <summary>First and last pixel that a position sees; the last lies before the first where it sees none.</summary>
    internal (int First, int Last) this[int position] => _fields[position];

    internal static FieldAxis Pixels(int length) => new([.. Enumerable.Range(0, length).Select(i => (i, i))], 1, 1, 0);

    /// <summary>Behind a window.</summary>
    internal FieldAxis Through(int taps, int stride, int padding, int dilation, int length)
    {
        var fields = new (int, int)[length];
        for (int i = 0; i < length; i++)
        {
            int from = (i * stride) - padding;
            fields[i] = Union(Enumerable.Range(0, taps).Select(t => from + (t * dilation)).Where(at => at >= 0 && at < Length));
        }

        return new FieldAxis(fields, Covering(((taps - 1) * dilation) + 1), Stride * stride, Start - (padding * (Stride ?? 0)));
    }

    /// <summary>Positions that each are one of these, or none for −1.</summary>
    internal FieldAxis Taken(int[] sources)
    {
        int first = Array.FindIndex(sources, s => s >= 0);
        bool even = sources.Length > 1
            && Enumerable.Range(0, sources.Length).All(i => sources[i] < 0 || sources[i] - sources[first] == i - first);
        return new FieldAxis([.. sources.Select(s => s < 0 ? (Nothing, -1) : _fields[s])], Size, even ? Stride : null,
            Start + ((sources[first] - (even ? first : 0)) * (Stride ?? 0)));
    }

    /// <summary>Behind an average over parts of the axis: part i reads from ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉−1.</summary>
    internal FieldAxis Averaged(int length)
    {
        (int First, int Behind)[] parts = [
            .. Enumerable.Range(0, length).Select(i => (i * Length / length, (((i + 1) * Length) + length - 1) / length))];
        int? stride = Length % length == 0 ? Stride * (Length / length) : null;
        return new FieldAxis([.. parts.Select(p => Union(Enumerable.Range(p.First, p.Behind - p.First)))],
            Covering(parts.Max(p => p.Behind - p.First)), stride, Start);
    }

    /// <summary>One position that reads all of the axis.</summary>
    internal FieldAxis Joined() => new([Union(Enumerable.Range(0, Length))], Covering(Length), Stride, Start);

    /// <summary>Positions that read both; all of them read the only position of a gate.</summary>
    internal FieldAxis With(FieldAxis other)
    {
        if (other.Length == 1 && Length > 1)
        {
            (int First, int Last)[] fields = [.. _fields.Select(f => Union(f, other._fields[0]))];
            return new FieldAxis(fields, fields.Max(f => f.Last - f.First + 1), stride: null, Math.Min(Start, other.Start));
        }

        int start = Math.Min(Start, other.Start);
        int size = Math.Max(Start + Size, other.Start + other.Size) - start;
        return new FieldAxis([.. _fields.Zip(other._fields, Union)], size, Stride == other.Stride ? Stride : null, start);
    }

    /// <summary>Size of a field that covers neighbouring positions.</summary>
    private int Covering(int positions) => positions == 1 ? Size
        : Stride is { } step ? Size + ((positions - 1) * step)
        : Math.Max(Size, _fields.Max(f => f.Last) - _fields.Min(f => f.First) + 1);

    private (int First, int Last) Union(IEnumerable<int> positions) => positions.Select(i => _fields[i]).Aggregate((Nothing, -1), Union);

    private static (int First, int Last) Union((int First, int Last) a, (int First, int Last) b) =>
        (Math.Min(a.First, b.First), Math.Max(a.Last, b.Last));
}
