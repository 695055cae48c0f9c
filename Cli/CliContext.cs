using Spectre.Console;

namespace Interp.Cli;

/// <summary>Where a run of the program writes.</summary>
/// <param name="Out">Data.</param>
/// <param name="Error">Progress, remarks and errors.</param>
internal sealed record CliContext(TextWriter Out, IAnsiConsole Error)
{
    private const int Narrowest = 60, Usual = 80, Widest = 100;

    /// <summary>The longest line of a text for people on <see cref="Out"/>: the terminal's width within reason, 80 where there is
    /// none.</summary>
    internal int Width { get; init; } = Usual;

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

        int width = Console.IsOutputRedirected ? Usual : Math.Clamp(new AnsiConsoleOutput(Console.Out).Width, Narrowest, Widest);
        return new CliContext(StandardStreams.Output, error) { Width = width };
    }
}
