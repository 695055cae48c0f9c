using System.CommandLine;
using System.Text.RegularExpressions;
using Interp.Cli;
using Interp.Cli.Help;
using Interp.Engine.Attribution;
using Interp.Tests.Cli.Support;
using Spectre.Console.Testing;

namespace Interp.Tests.Cli.Help;

/// <summary>What every help page of the command tree keeps to.</summary>
[TestClass]
public sealed partial class HelpPageTests
{
    private const int Few = 8;

    public static IEnumerable<object[]> Pages => CommandTree.All.Select(c => new object[] { string.Join(' ', c.Path) });

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Page_FitsItsWidth(string path)
    {
        Assert.IsLessThanOrEqualTo(80, Page(path).Max(l => l.Length), "where nothing says how wide the terminal is");
        foreach (int width in (int[])[60, 100])
        {
            string[] lines = Page(path, width);
            Assert.IsLessThanOrEqualTo(width,
                lines.Where(l => !l.StartsWith("  interp-cli ", StringComparison.Ordinal)).Max(l => l.Length));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Options_TakeAtMostTwoLines(string path)
    {
        string[] page = Page(path);
        foreach (int row in Enumerable.Range(0, page.Length).Where(i => OptionRow().IsMatch(page[i])))
        {
            int more = page.Skip(row + 1).TakeWhile(l => l.StartsWith("     ", StringComparison.Ordinal)).Count();

            Assert.IsLessThanOrEqualTo(1, more, string.Join('\n', page.Skip(row).Take(more + 1)));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Options_AreEachOnceUnderAHeading(string path)
    {
        Command command = Find(path);
        string[] page = Page(path);
        HelpOutline outline = ((IOutlined)command).Outline;
        string[] texts = [.. outline.Groups.Where(g => g.Text is not null).SelectMany(g => g.Text!.Split(", "))];

        foreach (Option option in CommandTree.OptionsOf(command))
        {
            int rows = page.Count(l => OptionRow().Match(l) is { Success: true } m && m.Groups["name"].Value == option.Name);
            Assert.AreEqual(1, rows + texts.Count(t => t == option.Name), $"{path} {option.Name}");
        }

        if (command.Options.Count > Few)
        {
            Assert.DoesNotContain($"{Headings.Options}:", page,
                $"{path} has many options: each belongs under a heading that says what it is for");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void OptionsNamed_AreThere(string path)
    {
        Command command = Find(path);
        string[] known = [.. command.Subcommands.Prepend(command).SelectMany(CommandTree.OptionsOf).Select(o => o.Name)];

        foreach (Match named in OptionName().Matches(string.Join('\n', Page(path))))
        {
            Assert.IsTrue(known.Contains(named.Value) || path.Length == 0, $"{path}: {named.Value}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Examples_AreUnderstood(string path)
    {
        string[] examples = [.. ((IOutlined)Find(path)).Outline.Examples];
        Assert.IsGreaterThan(0, examples.Length, path);
        foreach (string example in examples)
        {
            string[] words = [.. Word().Matches($"{path} {example}").Select(m => m.Value.Trim('"'))];

            ParseResult parse = CommandTree.Root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

            Assert.IsEmpty(parse.Errors, example);
            Assert.IsEmpty(parse.UnmatchedTokens, example);
            Assert.Contains($"  interp-cli {path} {example}".TrimEnd().Replace("  ", " ")[1..], string.Join('\n', Page(path)));
        }
    }

    [TestMethod]
    public void OptionsOfMethods_AreNamedAndLeftToMethods()
    {
        string page = string.Join('\n', Page("saliency"));

        Assert.Contains("Options of the methods ('interp-cli methods NAME' explains them):", page);
        foreach (MethodOption option in AttributionCatalog.All.SelectMany(m => m.Options))
        {
            Assert.Contains($"--{option.Name}", page);
        }
    }

    private static Command Find(string path) => CommandTree.All.Single(c => string.Join(' ', c.Path) == path).Command;

    private static string[] Page(string path, int? width = null)
    {
        using var output = new StringWriter();
        var context = new CliContext(output, new TestConsole());
        context = width is { } wide ? context with { Width = wide } : context;
        int code = CommandLine.RunAsync(Program.BuildRoot(context), [.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"],
            context).GetAwaiter().GetResult();
        Assert.AreEqual(ExitCodes.Done, code);
        return output.ToString().Split('\n');
    }

    [GeneratedRegex(@"^  (-h, )?(?<name>--[a-z][a-z0-9-]*)( \S+)?($|  )")]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"--[a-z][a-z0-9-]*")]
    private static partial Regex OptionName();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
