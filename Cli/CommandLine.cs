using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Interp.Engine.Common;

namespace Interp.Cli;

/// <summary>Builds the root of the command tree and runs it with this program's exit codes and one-line errors.</summary>
internal static class CommandLine
{
    /// <summary>How long Ctrl-C waits for the layer and the file that are being worked on before the process is ended by force.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    internal static RootCommand Root(string description, IEnumerable<Command> commands)
    {
        var root = new RootCommand(description) { SharedOptions.Quiet, SharedOptions.Verbose };
        foreach (Command command in commands)
        {
            root.Add(command);
        }

        HelpOption help = root.Options.OfType<HelpOption>().First();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    internal static Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, CliContext context, CancellationToken cancel = default)
    {
        // An image may be called @cat.jpg: no response files.
        ParseResult parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
        {
            Report.Error(context, $"{Explain(parse)}; see '{Path(parse)} --help'");
            return Task.FromResult(ExitCodes.Usage);
        }

        return parse.InvokeAsync(new InvocationConfiguration
        {
            Output = context.Out.Profile.Out.Writer,
            Error = context.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = s_patience,
        }, cancel);
    }

    private static string Explain(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        if (parse.UnmatchedTokens is [var token, ..])
        {
            bool option = token.StartsWith('-');
            IEnumerable<string> known = option
                ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options).Where(o => o.Recursive)).Select(o => o.Name)
                : command.Subcommands.Select(c => c.Name);
            string? near = known.Where(k => TextDistance.Between(k, token) <= 2).MinBy(k => TextDistance.Between(k, token));
            string kind = option ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return $"unknown {kind} '{token}'{(near is null ? "" : $"; did you mean '{near}'?")}";
        }

        if (command is RootCommand)
        {
            return $"a command is needed: one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}";
        }

        return parse.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.');
    }

    private static string Path(ParseResult parse) =>
        parse.CommandResult.Command is RootCommand ? "interp-cli" : $"interp-cli {parse.CommandResult.Command.Name}";

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is ProgramCommand { Examples.Count: > 0 } command)
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (string example in command.Examples)
                {
                    output.WriteLine($"  interp-cli {command.Name} {example}");
                }

                output.WriteLine();
            }

            return code;
        }
    }
}
