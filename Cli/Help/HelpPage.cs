using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Interp.Cli.Output;

namespace Interp.Cli.Help;

/// <summary>
/// What <c>--help</c> prints of any command: what it is for, how it is called, examples, and its options by purpose. No line is wider than
/// the terminal, or than 80 columns where there is none.
/// </summary>
/// <param name="width">The longest line.</param>
internal sealed class HelpPage(int width) : SynchronousCommandLineAction
{
    private const string Program = "interp-cli";
    private const string Indent = "  ";

    public override int Invoke(ParseResult parseResult)
    {
        foreach (string line in Lines(parseResult.CommandResult.Command))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(line);
        }

        return ExitCodes.Done;
    }

    /// <summary>A command as it is called: <c>interp-cli bench kernels</c>.</summary>
    internal static string CallOf(Command command) =>
        command is RootCommand ? Program : $"{CallOf(command.Parents.OfType<Command>().First())} {command.Name}";

    /// <summary>An option as usage lines show it: <c>--top N</c>.</summary>
    internal static string FormOf(Option option)
    {
        string names = option is HelpOption ? $"-h, {option.Name}" : option.Name;
        string? value = option.HelpName ?? (option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? null : "VALUE");
        return value is null ? names : $"{names} {value}";
    }

    private IEnumerable<string> Lines(Command command)
    {
        HelpOutline outline = command is IOutlined outlined ? outlined.Outline : new HelpOutline();
        Option[] general = [.. General(command).Except(outline.Groups.SelectMany(g => g.Symbols).OfType<Option>())];
        Symbol[] all = [.. command.Arguments, .. outline.Groups.Where(g => g.Text is null).SelectMany(g => g.Symbols), .. general];
        int column = FilledText.Column(all.Select(NameOf));
        IEnumerable<string> lines =
        [
            .. FilledText.Lines(command.Description ?? "", width),
            .. Part("Usage", FilledText.Lines(Usage(command), width, Indent)),
            .. Part("Examples", outline.Examples.Select(e => $"{Indent}{CallOf(command)} {e}".TrimEnd())),
            .. Part(Headings.Arguments, Rows(command.Arguments)),
            .. outline.Groups.SelectMany(g => Part(g.Title, g.Text is { } text ? FilledText.Lines(text, width, Indent) : Rows(g.Symbols))),
            .. Part(Headings.General, Rows(general)),
        ];
        return CommandShape.HasCommandsOnly(command) ? [.. lines, "", $"'{CallOf(command)} COMMAND --help' explains a command."] : lines;

        IEnumerable<string> Rows(IEnumerable<Symbol> symbols) =>
            FilledText.Rows(symbols.Select(s => (NameOf(s), MeaningOf(s))), column, width);
    }

    private IEnumerable<string> Part(string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        return all.Length == 0 ? [] : ["", .. FilledText.Lines($"{title}:", width), .. all];
    }

    private static string Usage(Command command)
    {
        string arguments = string.Concat(
            command.Arguments.Select(a => $" {(a.Arity.MinimumNumberOfValues > 0 ? NameOf(a) : $"[{NameOf(a)}]")}"));
        string required = string.Concat(command.Options.Where(o => o.Required).Select(o => $" {FormOf(o)}"));
        return $"{CallOf(command)}{arguments}{required}{(CommandShape.HasCommandsOnly(command) ? " COMMAND" : "")} [options]";
    }

    private static IEnumerable<Option> General(Command command) =>
        CommandShape.OptionsOf(command).OrderBy(o => o is HelpOption ? 0 : 1);

    private static string NameOf(Symbol symbol) => symbol switch
    {
        Option option => FormOf(option),
        Argument { Arity.MaximumNumberOfValues: > 1 } => $"{symbol.Name}...",
        _ => symbol.Name,
    };

    private static string MeaningOf(Symbol symbol) => symbol switch
    {
        HelpOption => "Show this page",
        VersionOption => "Show the program's version",
        Option { Required: true } => $"{symbol.Description} (required)",
        Option { HasDefaultValue: true } option when TypedOption.Shown(option.GetDefaultValue()) is { } standard =>
            $"{symbol.Description} [default:{FilledText.NoBreak}{standard}]",
        _ => symbol.Description ?? "",
    };
}
