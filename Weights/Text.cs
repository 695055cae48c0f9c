namespace Interp.Weights;

/// <summary>Text from untrusted files made fit for a one-line message.</summary>
internal static class Text
{
    private const int MaxLength = 300;

    /// <summary>The text without control characters, cut after 300 characters.</summary>
    internal static string OneLine(string text)
    {
        string cut = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        return string.Create(cut.Length, cut, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }

    /// <summary>Whether a name from a file is usable: not empty, not long, without control characters.</summary>
    internal static bool IsName(string? name, int maxLength) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= maxLength && !name.Any(char.IsControl);
}
