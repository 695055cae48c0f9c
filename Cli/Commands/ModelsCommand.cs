using System.CommandLine;
using Interp.Cli.Output;
using Interp.Weights;
using Spectre.Console;

namespace Interp.Cli.Commands;

/// <summary><c>models</c>: the models that can be named.</summary>
internal static class ModelsCommand
{
    internal static Command Create(CliContext context) => new ProgramCommand("models", "List the models that are available", context, Run)
    {
        SharedOptions.Json,
    };

    private static int Run(Invocation run)
    {
        IReadOnlyList<ModelInfo> models = ModelStore.List();
        if (run.Json)
        {
            run.WriteJson([.. models.Select(ModelLine.Of)], CliJson.Pretty.IReadOnlyListModelLine);
            return ExitCodes.Done;
        }

        Table table = Tables.Create("model", "classes#", "input", "parameters#", "type", "size#", "folder");
        foreach (ModelInfo m in models)
        {
            string name = m.Name == ModelStore.DefaultModel ? $"{m.Name} (default)" : m.Name;
            string folder = m.Bundled ? "(bundled)" : Tables.Path(m.Folder);
            table.Row(name, Tables.Count(m.Classes), $"{m.InputSize}x{m.InputSize}", Tables.Count(m.Parameters), m.Type, Tables.Size(m.Bytes), folder);
        }

        run.Write(table);
        return ExitCodes.Done;
    }
}
