using System.CommandLine;
using System.CommandLine.Help;
using Interp.Cli.Help;

namespace Interp.Cli;

/// <summary>The root of the command tree: its list holds the commands in the order of its help page, with the page's headings between
/// them.</summary>
internal sealed class ProgramRoot : RootCommand, IOutlined
{
    internal ProgramRoot(string description, CliContext context)
        : base(description)
    {
        Options.Add(SharedOptions.Quiet);
        Options.Add(SharedOptions.Verbose);
        Options.OfType<HelpOption>().First().Action = new HelpPage(context.Width);
    }

    /// <inheritdoc/>
    public HelpOutline Outline { get; } = new();

    /// <summary>Begins a heading of the help page: the commands that follow belong to it.</summary>
    internal void Add(string heading) => Outline.Begin(heading);

    internal new void Add(Command command)
    {
        Subcommands.Add(command);
        Outline.Add(command);
    }

    internal ProgramRoot WithExamples(params IReadOnlyList<string> examples)
    {
        Outline.Examples = examples;
        return this;
    }
}
