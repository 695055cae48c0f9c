namespace Interp.Tests.Docs.Generated;

/// <summary>The parts of pages that the program's own catalogs write: between <c>&lt;!-- generated: NAME --&gt;</c> and <c>&lt;!--
/// /generated --&gt;</c>.</summary>
internal static class GeneratedSections
{
    public const string End = "<!-- /generated -->";

    /// <summary>Every section by name; a new one is one file and one line here.</summary>
    public static IReadOnlyDictionary<string, Func<IEnumerable<string>>> All { get; } = new Dictionary<string, Func<IEnumerable<string>>>
    {
        ["attacks"] = AttackReference.Attacks,
        ["attack options"] = AttackReference.Options,
        ["commands"] = CommandReference.Lines,
        ["methods"] = MethodReference.Methods,
        ["method options"] = MethodReference.Options,
        ["metrics"] = MetricReference.Lines,
        ["objectives"] = ObjectiveReference.Lines,
        ["recipes"] = RecipeReference.Lines,
    };

    public static string Begin(string name) => $"<!-- generated: {name} -->";

    /// <summary>A page with its sections written anew, and the names of those that it has.</summary>
    public static (string Text, IReadOnlyList<string> Names) Write(DocPage page)
    {
        string[] lines = page.Lines;
        var names = new List<string>();
        foreach ((string name, Func<IEnumerable<string>> make) in All)
        {
            int begin = Array.IndexOf(lines, Begin(name));
            if (begin < 0)
            {
                continue;
            }

            int end = Array.IndexOf(lines, End, begin);
            Assert.IsGreaterThan(begin, end, $"{page.Name}: the section '{name}' has no end");
            lines = [.. lines[..(begin + 1)], .. make(), .. lines[end..]];
            names.Add(name);
        }

        return (string.Join('\n', lines) + '\n', names);
    }
}
