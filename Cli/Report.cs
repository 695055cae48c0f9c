using Spectre.Console;

namespace Interp.Cli;

/// <summary>Messages on standard error, each one line.</summary>
internal static class Report
{
    internal static void Error(CliContext context, string message) => Line(context, "error: ", new Style(Color.Red, decoration: Decoration.Bold), message);

    internal static void Note(CliContext context, string message) => Line(context, "note: ", new Style(Color.Yellow), message);

    private static void Line(CliContext context, string prefix, Style style, string message)
    {
        context.Error.Write(prefix, style);

        // Written past the console's line breaking, so that a message stays one line whatever its length.
        context.Error.Profile.Out.Writer.WriteLine(message.ReplaceLineEndings(" "));
    }
}
