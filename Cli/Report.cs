using Spectre.Console;

namespace Interp.Cli;

/// <summary>Messages on standard error, each one line. They go through the console, which keeps them apart from a progress bar that is
/// being shown.</summary>
internal static class Report
{
    internal static void Error(CliContext context, string message) =>
        Line(context, "error: ", new Style(Color.Red, decoration: Decoration.Bold), message);

    internal static void Note(CliContext context, string message) => Line(context, "note: ", new Style(Color.Yellow), message);

    internal static void Trace(CliContext context, Exception e) => context.Error.WriteLine(e.ToString());

    private static void Line(CliContext context, string prefix, Style style, string message) =>
        context.Error.Write(
        new Paragraph().Append(prefix, style).Append($"{OptionWords.OnCommandLine(message).ReplaceLineEndings(" ")}\n"));
}
