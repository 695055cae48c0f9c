using System.CommandLine;
using Interp.Cli.Output;
using Interp.Engine.Attribution;

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

        var table = new TextTable("method", "title", "options (default)", "paper");
        foreach (AttributionMethod method in AttributionCatalog.All)
        {
            string options = string.Join(" ", method.Options.Select(o => $"--{o.Name} {(o.Choices.Count > 0 ? string.Join('|', o.Choices) : "VALUE")} ({o.Default})"));
            table.Add(method.Name, method.Title, options, method.Paper);
        }

        run.Write(table);
        return ExitCodes.Done;
    }

    private static MethodLine Describe(AttributionMethod method) => new(
        method.Name,
        method.Title,
        method.Summary,
        method.Paper,
        method.Kind.IsMap() ? "map" : "channels",
        [.. method.Options.Select(o => new MethodOptionLine(o.Name, o.Default, o.Choices, o.Summary))]);
}
