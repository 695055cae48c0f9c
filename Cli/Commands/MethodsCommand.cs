using System.CommandLine;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Spectre.Console;

namespace Interp.Cli.Commands;

/// <summary><c>methods</c>: the attribution methods with their options.</summary>
internal static class MethodsCommand
{
    internal static Command Create(CliContext context) => new ProgramCommand("methods", "List the attribution methods with their options", context, Run)
    {
        SharedOptions.Json,
    };

    private static int Run(Invocation run)
    {
        if (run.Json)
        {
            run.WriteJson([.. AttributionCatalog.All.Select(Describe)], CliJson.Pretty.IReadOnlyListMethodLine);
            return ExitCodes.Done;
        }

        Table table = Tables.Create("method", "title", "options (default)", "paper");
        foreach (AttributionMethod method in AttributionCatalog.All)
        {
            IEnumerable<string> options = method.Options.Select(o => $"--{o.Name} {string.Join('|', o.Choices)} ({o.Default})");
            table.Row(method.Name, method.Title, string.Join('\n', options), method.Paper);
        }

        run.Write(table);
        return ExitCodes.Done;
    }

    private static MethodLine Describe(AttributionMethod method) => new(
        method.Name,
        method.Title,
        method.Summary,
        method.Paper,
        method.Kind == AttributionKind.Map ? "map" : "channels",
        [.. method.Options.Select(o => new MethodOptionLine(o.Name, o.Default, o.Choices, o.Summary))]);
}
