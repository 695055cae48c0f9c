using System.CommandLine;
using Interp.Cli.Concepts;
using Interp.Cli.Examples;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>concepts discover</c>: the concepts of a class, found in its images without anybody naming them.</summary>
internal static class ConceptsDiscoverCommand
{
    internal static Command Create(CliContext context) =>
        new ProgramCommand("discover", "Find the parts of images that a class is recognised by (CRAFT)", context, Run)
    {
        "What to look for",
        DiscoverFlags.Subject,
        Headings.Method,
        DiscoverFlags.Method,
        "What chance gives",
        DiscoverFlags.Controls,
        Headings.Output,
        DiscoverFlags.Out,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples(
        "--layer features.29 --class bee --images bees/", "--layer features.22 --class 7 --images val/7/");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        Node layer = run.FindLayer(network, run.Get(UnitFlags.Layer));
        int target = DiscoverFlags.ReadClass(run, network);
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = false });
        var inputs = new InputList(run, run.Get(UnitFlags.Images));
        var job = new DiscoverJob(run, explainer, layer, target, inputs);
        DiscoverManifest manifest = job.Work();
        if (run.Json)
        {
            run.WriteJson(manifest, DiscoverJson.Pretty.DiscoverManifest);
        }
        else
        {
            Show(run, job.Folder, manifest);
        }

        return manifest.Skipped > 0 ? ExitCodes.Usage : inputs.ExitCode;
    }

    private static void Show(Invocation run, string folder, DiscoverManifest manifest)
    {
        run.Write(DiscoverTables.Printed(manifest));
        foreach (string line in DiscoverTables.Words(manifest))
        {
            run.WriteLine(line);
        }

        run.WriteLine($"page: {Readable.Path(Path.Combine(folder, DiscoverPage.Name))}");
        foreach (string warning in manifest.Warnings)
        {
            run.Note(warning);
        }
    }
}
