using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Weights;

namespace Interp.Cli.Commands;

/// <summary><c>methods</c>: the attribution methods by family with what they cost, or some of them with everything that can be
/// set.</summary>
internal static class MethodsCommand
{
    private static readonly Argument<string[]> s_names = new("METHOD")
    {
        Description = "Methods to describe in full; without one, all in a table",
        Arity = ArgumentArity.ZeroOrMore,
    };

    internal static Command Create(CliContext context) =>
        new ProgramCommand("methods", "List the attribution methods with their cost, or describe some in full", context, Run)
    {
        s_names,
        SharedOptions.Model,
        SharedOptions.Json,
    }.WithExamples("", "gradcam rise", "--json");

    private static int Run(Invocation run)
    {
        AttributionMethod[] methods = run.Get(s_names) is { Length: > 0 } names ? [.. names.Select(AttributionCatalog.All.Find)]
            : [.. AttributionCatalog.All];
        run.NoteIdle(run.Json || run.Get(s_names).Length > 0, "on descriptions: it is what the table's passes are counted for",
            SharedOptions.Model);
        if (run.Json)
        {
            run.WriteJson([.. methods.Select(Describe)], CliJson.Pretty.IReadOnlyListMethodLine);
        }
        else if (run.Get(s_names).Length > 0)
        {
            ShowInFull(run, methods);
        }
        else
        {
            ShowTable(run);
        }

        return ExitCodes.Done;
    }

    private static void ShowTable(Invocation run)
    {
        Network network = run.LoadModel();
        using IBackend backend = new ReferenceBackend(); // Nothing is run.
        using var explainer = new Explainer(network, backend);
        (int height, int width) = (network.Preprocessing.Height, network.Preprocessing.Width);
        var image = new RgbImage(width, height, new byte[3 * width * height]);
        var input = new NetworkInput("", image, new float[network.OwnShapes[0].Count], "");
        Target target = network.Classes > 0 ? new ClassTarget(0) : new UnitTarget(network.Output, 0);
        var table = new TextTable("method", "passes#", "title", "options");
        foreach (AttributionFamily family in AttributionCatalog.Families)
        {
            table.Add("", "", "", "");
            table.Add(family.Title.ToUpperInvariant(), "", "", "");
            foreach (AttributionMethod method in family.Methods)
            {
                OptionValues values = method.Configure();
                string[] idle = [.. method.Idle(values).Select(i => i.Option.Name)];
                table.Add(method.Name, Passes(method.EstimatedWork(new AttributionRequest(explainer, input, target, values))),
                    method.Title, string.Join(' ', values.Texts.Where(o => !idle.Contains(o.Key)).Select(o => $"{o.Key}={o.Value}")));
            }
        }

        run.Write(table);
        run.WriteLine("");
        run.WriteLine(
            $"passes: about how often {network.Name} runs forward and backward for an image of {PixelSize.Words(height, width)} at the defaults shown, "
            + "without options that have no effect beside them; 'methods NAME' explains all");
    }

    private static string Passes(Work work) =>
        work.Backward == 0 ? Readable.Count(work.Forward) : $"{Readable.Count(work.Forward)} + {Readable.Count(work.Backward)}";

    private static void ShowInFull(Invocation run, AttributionMethod[] methods)
    {
        foreach (string line in methods.SelectMany((m, i) => MethodPage.Lines(m, run.Width).Prepend("").Skip(i == 0 ? 1 : 0)))
        {
            run.WriteLine(line);
        }
    }

    private static MethodLine Describe(AttributionMethod method) => new(
        method.Name,
        method.Title,
        AttributionCatalog.FamilyOf(method).Title,
        method.Summary,
        method.Formula,
        method.Paper,
        method.Kind.IsMap() ? "map" : "channels",
        [.. method.Options.Select(o => new MethodOptionLine(o.Name, o.Default, o.Choices, o.Expected, o.Summary))]);
}
