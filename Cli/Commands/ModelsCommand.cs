using System.CommandLine;
using Interp.Cli.Output;
using Interp.Weights;
using Interp.Weights.Raw;

namespace Interp.Cli.Commands;

/// <summary><c>models</c>: the models that can be named.</summary>
internal static class ModelsCommand
{
    private static readonly Option<string> s_verify = TypedOption.Text(
        "--verify", "Check a model's data against its checksums instead", "NAME|DIR");

    internal static Command Create(CliContext context) => new ProgramCommand("models", "List the models that are available", context, Run)
    {
        s_verify,
        SharedOptions.Json,
    }.WithExamples("", "--verify vgg16-200");

    private static int Run(Invocation run)
    {
        if (run.Get(s_verify) is { } verified)
        {
            return Verify(run, verified);
        }

        IReadOnlyList<ModelInfo> models = ModelStore.List();
        foreach (string problem in ModelStore.Problems())
        {
            run.Note(problem);
        }

        if (run.Json)
        {
            run.WriteJson([.. models.Select(ModelLine.Of)], CliJson.Pretty.IReadOnlyListModelLine);
            return ExitCodes.Done;
        }

        var table = new TextTable("model", "classes#", "activation", "input", "parameters#", "type", "size#", "folder");
        foreach (ModelInfo m in models)
        {
            string name = m.Name == ModelStore.DefaultModel ? $"{m.Name} (default)" : m.Name;
            string folder = m.Bundled ? "(bundled)" : Readable.Path(m.Folder);
            string input = Readable.Input(m), parameters = Readable.Count(m.Parameters);
            (string classes, string activation) = m.Classes == 0 ? ("none", "") : (Readable.Count(m.Classes), m.Activation.Name);
            table.Add(name, classes, activation, input, parameters, m.Type, Readable.Size(m.Bytes), folder);
        }

        run.Write(table);
        return ExitCodes.Done;
    }

    private static int Verify(Invocation run, string name)
    {
        string folder = ModelStore.List().FirstOrDefault(m => m.Name == name)?.Folder ?? name;
        run.Progress($"checking {name}", bytes: true).Run(report =>
        {
            RawModel.Verify(folder, (done, total) => report("", done, total), run.Cancel);
            return folder;
        });
        if (run.Json)
        {
            run.WriteJson(new VerifiedModel(name, folder, Verified: true), CliJson.Pretty.VerifiedModel);
        }
        else
        {
            run.WriteLine($"{name}: every tensor matches its checksum");
        }

        return ExitCodes.Done;
    }
}
