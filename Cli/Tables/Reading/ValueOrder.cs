namespace Interp.Cli.Tables.Reading;

/// <summary>Numbers by size, then texts as people read them.</summary>
internal sealed class ValueOrder : IComparer<FieldValue>, IComparer<FieldValue?>
{
    internal static ValueOrder Instance { get; } = new();

    private ValueOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(FieldValue x, FieldValue y) => x.IsNumber != y.IsNumber ? (x.IsNumber ? -1 : 1)
        : x.IsNumber && x.Number.CompareTo(y.Number) is not 0 and var difference ? difference
        : NaturalOrder.Instance.Compare(x.Text, y.Text);

    /// <inheritdoc/>
    public int Compare(FieldValue? x, FieldValue? y) => x is null || y is null ? (x is null ? 1 : 0) - (y is null ? 1 : 0)
        : Compare(x.Value, y.Value);
}
