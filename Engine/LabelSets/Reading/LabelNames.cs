using System.Text;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>Names as files spell them: made comparable, and fit to be shown.</summary>
internal static class LabelNames
{
    private const int Longest = 200;

    /// <summary>A name whose accents are composed, so that both spellings of an umlaut are the same.</summary>
    public static string Normal(string name) => Composition.Compose(name);

    /// <summary>A concept's name: composed, without control characters and spaces at its ends, of at most 200 characters.</summary>
    public static string Clean(string name)
    {
        Rune[] runes = [.. Normal(name).EnumerateRunes().Select(r => Rune.IsControl(r) ? new Rune(' ') : r)];
        string clean = string.Concat(runes.Take(Longest)).Trim();
        return runes.Length <= Longest ? clean : clean + "…";
    }

    /// <summary>A message in one line, whatever characters stand in the names that it holds.</summary>
    public static string OneLine(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c)) : message;

    /// <summary>Does some work; what it says of files that cannot be used is one line.</summary>
    /// <exception cref="InputException">As the work throws it.</exception>
    public static T InOneLine<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InputException e) when (e.Message.Any(char.IsControl))
        {
            throw new InputException(OneLine(e.Message), e);
        }
    }

    /// <summary>At most three of some names, for messages.</summary>
    public static string Some(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", …" : "");

    /// <summary>A name or piece of text that a file gives, quoted, fit to be shown.</summary>
    public static string Quote(string text) => $"'{(text.Length <= 60 ? Clean(text) : Clean(text[..60]) + "…")}'";
}
