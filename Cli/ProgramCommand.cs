using System.CommandLine;

namespace Interp.Cli;

/// <summary>One command of the program: its work is run on another thread, and every exception becomes one line and an exit code.</summary>
internal sealed class ProgramCommand : Command
{
    internal ProgramCommand(string name, string description, CliContext context, Func<Invocation, int> work)
        : base(name, description)
    {
        // On the thread pool, so that the library can install its handler for Ctrl-C and SIGTERM while the work runs.
        SetAction((parse, cancel) => Task.Run(() => Guard(new Invocation(context, parse, cancel), work), CancellationToken.None));
    }

    /// <summary>Arguments of typical calls, shown at the end of the command's help.</summary>
    internal IReadOnlyList<string> Examples { get; private set; } = [];

    /// <summary>Adds options that several commands have together, so that a command's list can hold them as one entry.</summary>
    internal void Add(IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            Options.Add(option);
        }
    }

    internal ProgramCommand WithExamples(params IReadOnlyList<string> examples)
    {
        Examples = examples;
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
