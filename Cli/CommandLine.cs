using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Interp.Cli.Help;
using Interp.Engine.Common;

namespace Interp.Cli;

/// <summary>Runs a command line with this program's exit codes and one-line errors.</summary>
internal static class CommandLine
{
    private static readonly char[] s_assignments = ['=', ':'];

    /// <summary>How long Ctrl-C waits for the layer and the file that are being worked on before the process is ended by force.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    internal static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, CliContext context,
        CancellationToken cancel = default)
    {
        // Numbers are read and written the same way everywhere, also by the threads that are started here.
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

        ParseResult parse = Parse(root, args);
        if (Problem(parse, args) is { } problem)
        {
            Report.Error(context, $"{problem}; see '{HelpPage.CallOf(parse.CommandResult.Command)} --help'");
            return ExitCodes.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = s_patience,
        };
        try
        {
            return await parse.InvokeAsync(configuration, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report.Error(context, $"standard output: cannot be written: {e.Message}");
            return ExitCodes.Output;
        }
    }

    /// <summary>Reads a command line; an image may be called @cat.jpg, so there are no response files.</summary>
    internal static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) =>
        root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>What is wrong with the command line, in one line, or null.</summary>
    internal static string? Problem(ParseResult parse, IEnumerable<string> args)
    {
        Command command = parse.CommandResult.Command;
        if (parse.Action is SynchronousCommandLineAction and not ParseErrorAction)
        {
            return null; // --help and --version ask for nothing else.
        }

        if (NoSwitch(command, args) is { } problem)
        {
            return problem;
        }

        // Where any number of images may follow, a misspelt option is taken for one.
        string? stray = command is RootCommand ? null
            : parse.UnmatchedTokens.Concat(parse.GetResult(SharedOptions.Images)?.Tokens.Select(t => t.Value) ?? [])
            .FirstOrDefault(t => t.StartsWith('-') && !File.Exists(t));
        if (stray is not null || parse.UnmatchedTokens.Count > 0)
        {
            return Unknown(command, stray ?? parse.UnmatchedTokens[0]);
        }

        if (parse.Errors.Count == 0)
        {
            return Empty(parse.CommandResult);
        }

        if (CommandShape.HasCommandsOnly(command))
        {
            return $"a command is needed: one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}";
        }

        Argument? missing = command.Arguments.FirstOrDefault(
            a => a.Arity.MinimumNumberOfValues > 0 && parse.GetResult(a) is null or { Tokens.Count: 0 });
        return missing is null ? parse.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.')
            : $"{command.Name} needs {missing.Name}: {missing.Description}";
    }

    /// <summary>A switch with a value that is none, <c>--json=yes</c>, which would otherwise be taken for an argument of its own.</summary>
    private static string? NoSwitch(Command command, IEnumerable<string> args) =>
        (from arg in args.TakeWhile(a => a != "--")
         let end = arg.IndexOfAny(s_assignments)
         where end > 0 && !bool.TryParse(arg[(end + 1)..], out _)
             && CommandShape.OptionsOf(command).Any(o => o is Option<bool> && o.Name == arg[..end])
         select $"{arg[..end]} '{arg[(end + 1)..]}': expected true or false").FirstOrDefault();

    /// <summary>An option or argument without content, which no command can use, as a shell passes it for an unset variable.</summary>
    private static string? Empty(CommandResult command)
    {
        return command.Children.FirstOrDefault(c => c.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value))) switch
        {
            OptionResult { Option: var option } => $"{option.Name} '': expected {option.HelpName ?? "a value"}, found nothing",
            ArgumentResult { Argument: var argument } => $"{argument.Name} '': expected a value, found nothing",
            _ => null,
        };
    }

    private static string Unknown(Command command, string token)
    {
        bool option = token.StartsWith('-');
        IEnumerable<string> known = option
            ? CommandShape.OptionsOf(command).Select(o => o.Name)
            : command.Subcommands.Select(c => c.Name);
        string? near = known.Where(k => TextDistance.Between(k, token) <= 2).MinBy(k => TextDistance.Between(k, token));
        string kind = option ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"unknown {kind} '{token}'{(near is null ? "" : $", did you mean '{near}'?")}";
    }
}
