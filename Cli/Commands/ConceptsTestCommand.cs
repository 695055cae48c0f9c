using System.CommandLine;
using Interp.Cli.Concepts;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>concepts test</c>: whether classes depend on concepts, beside what chance gives.</summary>
internal static class ConceptsTestCommand
{
    internal static Command Create(CliContext context) =>
        new ProgramCommand("test", "Test whether a class depends on concepts (TCAV), beside random concepts", context, Run)
    {
        "What to test",
        ConceptTestFlags.Subject,
        "Concepts, and what they are compared with",
        ConceptTestFlags.Material,
        Headings.Method,
        ConceptTestFlags.Method,
        Headings.Output,
        ConceptTestFlags.Map,
        ConceptTestFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples(
        "--layer avgpool --class bee --images bees/",
        "--layer avgpool --class 12 --images v/ --concepts t/");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        Node[] layers = ConceptTestFlags.Layers(run, network);
        int[] classes = ConceptTestFlags.Classes(run, network);
        ConceptSources sources = ConceptSources.Read(run, network, classes);
        foreach (string remark in sources.Remarks)
        {
            run.Note(remark);
        }

        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run));
        string root = run.Get(ConceptTestFlags.Out);
        var found = new List<ConceptTestManifest>();
        var failures = new Failures(run);
        foreach (Node layer in layers)
        {
            string path = layers.Length == 1 ? root : Path.Combine(root, SafeName.Of(layer.Name));
            failures.Try(layer.Name, layer.Name, alone: layers.Length == 1, () =>
            {
                ConceptTestManifest manifest = new ConceptTestJob(run, explainer, layer, sources, path).Work();
                found.Add(manifest);
                if (!run.Json)
                {
                    Show(run, path, manifest);
                }
            });
        }

        if (run.Json && found.Count > 0)
        {
            run.WriteJson(found, ConceptTestJson.Pretty.IReadOnlyListConceptTestManifest);
        }

        return found.Any(m => m.Skipped > 0) ? ExitCodes.Worse(failures.ExitCode, ExitCodes.Usage) : failures.ExitCode;
    }

    private static void Show(Invocation run, string path, ConceptTestManifest manifest)
    {
        run.Write(ConceptTables.Printed(manifest));
        foreach (string line in ConceptTables.Words(manifest))
        {
            run.WriteLine(line);
        }

        run.WriteLine($"page: {Readable.Path(Path.Combine(path, ConceptPage.Name))}");
        foreach (string warning in manifest.Warnings)
        {
            run.Note(warning);
        }
    }
}
