using System.CommandLine;
using Interp.Cli.Help;

namespace Interp.Cli;

/// <summary>A command that does nothing itself: its list holds the commands below it in the order of its help page.</summary>
internal sealed class CommandGroup(string name, string description) : Command(name, description), IOutlined
{
    /// <inheritdoc/>
    public HelpOutline Outline { get; } = new();

    internal new void Add(Command command)
    {
        Subcommands.Add(command);
        Outline.Add(command);
    }

    internal CommandGroup WithExamples(params IReadOnlyList<string> examples)
    {
        Outline.Examples = examples;
        return this;
    }
}
