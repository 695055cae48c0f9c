using System.CommandLine;
using Interp.Cli;
using Spectre.Console.Testing;

namespace Interp.Tests.Cli.Support;

/// <summary>Every command of the program, as its tests walk through them.</summary>
internal static class CommandTree
{
    public static RootCommand Root { get; } = Program.BuildRoot(new CliContext(TextWriter.Null, new TestConsole()));

    /// <summary>Every command with the words that call it; the root has none.</summary>
    public static IEnumerable<(string[] Path, Command Command)> All => Below([], Root);

    /// <summary>The options that a command understands.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(o => o.Recursive)).Distinct();

    private static IEnumerable<(string[] Path, Command Command)> Below(string[] path, Command command) =>
        command.Subcommands.SelectMany(c => Below([.. path, c.Name], c)).Prepend((path, command));
}
