using System.CommandLine;
using Interp.Cli.Help;

namespace Interp.Cli;

/// <summary>
/// One command of the program: its work is run on another thread, and every exception becomes one line and an exit code. Its list holds its
/// arguments and
/// options in the order of its help page, with the page's headings between them.
/// </summary>
internal sealed class ProgramCommand : Command, IOutlined
{
    internal ProgramCommand(string name, string description, CliContext context, Func<Invocation, int> work)
        : base(name, description)
    {
        // On the thread pool, so that the library can install its handler for Ctrl-C and SIGTERM while the work runs.
        SetAction((parse, cancel) => Task.Run(() => Guard(new Invocation(context, parse, cancel), work), CancellationToken.None));
    }

    /// <inheritdoc/>
    public HelpOutline Outline { get; } = new();

    /// <summary>Begins a heading of the help page: the options that follow belong to it.</summary>
    internal void Add(string heading) => Outline.Begin(heading);

    internal new void Add(Option option)
    {
        Options.Add(option);
        Outline.Add(option);
    }

    internal new void Add(Command command)
    {
        Subcommands.Add(command);
        Outline.Begin(Headings.Commands);
        Outline.Add(command);
    }

    /// <summary>Adds options that several commands have together, so that a command's list can hold them as one entry.</summary>
    internal void Add(IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            Add(option);
        }
    }

    /// <summary>Adds options that have a heading of their own.</summary>
    internal void Add(HelpGroup group)
    {
        Outline.Add(group);
        foreach (Option option in group.Symbols.Cast<Option>())
        {
            Options.Add(option);
        }
    }

    internal ProgramCommand WithExamples(params IReadOnlyList<string> examples)
    {
        Outline.Examples = examples;
        return this;
    }

    private static int Guard(Invocation run, Func<Invocation, int> work)
    {
        try
        {
            return work(run);
        }
        catch (Exception e)
        {
            run.Fail(e);
            return ExitCodes.Of(e);
        }
    }
}
