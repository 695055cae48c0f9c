using System.CommandLine;

namespace Interp.Cli.Help;

/// <summary>What a command takes, by its place among the commands.</summary>
internal static class CommandShape
{
    /// <summary>The options that a command understands: its own, and those that the commands above it share with it.</summary>
    internal static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(o => o.Recursive));

    /// <summary>Whether a command does nothing itself, and only the commands below it do.</summary>
    internal static bool HasCommandsOnly(Command command) => command.Action is null && command.Subcommands.Count > 0;
}
