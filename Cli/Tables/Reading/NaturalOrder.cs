namespace Interp.Cli.Tables.Reading;

/// <summary>The order in which people read names: numbers within them by their size, so that <c>layer-2</c> stands before
/// <c>layer-10</c>; the rest by characters.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    internal static NaturalOrder Instance { get; } = new();

    private NaturalOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (a.Length > 0 && b.Length > 0)
        {
            int m = Digits(a), n = Digits(b);
            if (m > 0 && n > 0)
            {
                ReadOnlySpan<char> p = a[..m].TrimStart('0'), q = b[..n].TrimStart('0');
                int difference = p.Length != q.Length ? p.Length - q.Length : p.SequenceCompareTo(q);
                if (difference != 0)
                {
                    return difference;
                }

                a = a[m..];
                b = b[n..];
            }
            else if (a[0] != b[0])
            {
                return a[0].CompareTo(b[0]);
            }
            else
            {
                a = a[1..];
                b = b[1..];
            }
        }

        return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(x, y);
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
