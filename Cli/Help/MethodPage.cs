using Interp.Cli.Output;
using Interp.Engine.Attribution;

namespace Interp.Cli.Help;

/// <summary>What <c>methods NAME</c> prints: what a method computes, its formula and paper, and its options: meaning, allowed values,
/// default.</summary>
internal static class MethodPage
{
    private const string Indent = "  ";

    /// <summary>The page's lines, none longer than <paramref name="width"/>.</summary>
    internal static IEnumerable<string> Lines(AttributionMethod method, int width)
    {
        (string Name, string Meaning)[] options = [.. method.Options.Select(o => (FormOf(o), MeaningOf(o)))];
        return
        [
            .. FilledText.Lines($"{method.Name}: {method.Title}", width),
            .. Part("What it computes", method.Summary),
            .. Part("Formula", method.Formula),
            .. Part("Values", method.Kind.IsMap() ? "one for each pixel" : "one for each pixel and colour channel"),
            .. Part("Paper", method.Paper),
            .. options.Length == 0 ? []
            : (string[])["", "Options:", .. FilledText.Rows(options, FilledText.Column(options.Select(o => o.Name)), width)],
            .. method.Glossary is { } glossary ? Glossary(glossary) : [],
        ];

        IEnumerable<string> Glossary(MethodGlossary g)
        {
            var entries = g.Entries.Select(e => (e.Name, OptionWords.OnCommandLine(e.Meaning)));
            return [.. Part(g.Title, g.Text), .. FilledText.Rows(entries, FilledText.Column(g.Entries.Select(e => e.Name)), width)];
        }

        IEnumerable<string> Part(string title, string text) => ["", $"{title}:", .. FilledText.Lines(text, width, Indent)];
    }

    private static string FormOf(MethodOption option) =>
        option is MethodOption<bool> ? $"--{option.Name}" : $"--{option.Name} {ShortForm(option)}";

    private static string ShortForm(MethodOption option) => option.Form == string.Join('|', option.Choices) ? "NAME" : option.Form;

    /// <summary>What an option does, what it takes and its default.</summary>
    private static string MeaningOf(MethodOption option)
    {
        string standard = $"[default:{FilledText.NoBreak}{option.Default}]";
        return option is MethodOption<bool> || option.Expected == option.Form ? $"{option.Summary} {standard}"
            : $"{option.Summary}; {option.Expected} {standard}";
    }
}
