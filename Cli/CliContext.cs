using Spectre.Console;

namespace Interp.Cli;

/// <summary>Where a run of the program writes: data to <paramref name="Out"/>, progress, remarks and errors to <paramref name="Error"/>.</summary>
internal sealed record CliContext(IAnsiConsole Out, IAnsiConsole Error)
{
    /// <summary>A width at which no table is wrapped, for output that goes to a file or a pipe.</summary>
    private const int Unlimited = 4096;

    internal static CliContext ForProcess() => new(
        Create(Console.Out, Console.IsOutputRedirected),
        Create(Console.Error, Console.IsErrorRedirected));

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = Unlimited;
        }

        return console;
    }
}
