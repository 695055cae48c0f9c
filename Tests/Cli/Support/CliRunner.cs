using System.Text.Json;
using Interp.Cli;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Interp.Tests.Cli.Support;

/// <summary>What one run of the program gave.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Asserts the exit code and that standard error holds one line that starts with "error: " and holds all the given
    /// parts.</summary>
    public void AssertFailed(int exitCode, params string[] parts)
    {
        Assert.AreEqual(exitCode, ExitCode, Error);
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(1, lines, Error);
        Assert.StartsWith("error: ", lines[0]);
        foreach (string part in parts)
        {
            Assert.Contains(part, lines[0]);
        }
    }

    public CliResult AssertDone()
    {
        Assert.AreEqual(ExitCodes.Done, ExitCode, Error);
        return this;
    }
}

/// <summary>Runs commands in this process with captured consoles.</summary>
internal static class CliRunner
{
    public static CliResult Run(params string[] args) => Run(CancellationToken.None, args);

    public static CliResult Run(CancellationToken cancel, params string[] args)
    {
        using var output = new StringWriter();
        using TestConsole error = new TestConsole().Width(4096);
        var context = new CliContext(output, error);
        int code = CommandLine.RunAsync(Program.BuildRoot(context), args, context, cancel).GetAwaiter().GetResult();
        return new CliResult(code, output.ToString(), error.Output);
    }

    /// <summary>Runs a command and cancels it as soon as a text appears on standard error.</summary>
    public static CliResult RunUntil(string text, params string[] args)
    {
        using var output = new StringWriter();
        using var cancel = new CancellationTokenSource();
        using var error = new CancellingWriter(text, cancel);
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = 4096;
        var context = new CliContext(output, console);
        int code = CommandLine.RunAsync(Program.BuildRoot(context), args, context, cancel.Token).GetAwaiter().GetResult();
        return new CliResult(code, output.ToString(), error.ToString());
    }
}
