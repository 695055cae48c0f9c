using Spectre.Console;

namespace Interp.Cli;

/// <summary>Where a run of the program writes.</summary>
/// <param name="Out">Data.</param>
/// <param name="Error">Progress, remarks and errors.</param>
internal sealed record CliContext(TextWriter Out, IAnsiConsole Error)
{
    internal static CliContext ForProcess()
    {
        bool redirected = Console.IsErrorRedirected;
        IAnsiConsole error = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(StandardStreams.Error),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            error.Profile.Width = 1 << 20; // In a file or a pipe, a message is one line whatever its length.
        }

        return new CliContext(StandardStreams.Output, error);
    }
}
