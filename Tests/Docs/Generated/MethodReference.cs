using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Weights;

namespace Interp.Tests.Docs.Generated;

/// <summary>Every attribution method with formula, cost, options and paper, and every option once.</summary>
internal static class MethodReference
{
    private const int Width = 118;

    public static IEnumerable<string> Methods()
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        using IBackend backend = new ReferenceBackend(); // Nothing is run.
        using var explainer = new Explainer(network, backend);
        int size = network.Preprocessing.InputSize;
        var image = new RgbImage(size, size, new byte[3 * size * size]);
        var input = new NetworkInput("", image, new float[image.Pixels.Length], "");
        foreach (AttributionFamily family in AttributionCatalog.Families)
        {
            yield return "";
            yield return $"### {family.Title}";
            foreach (AttributionMethod method in family.Methods)
            {
                Work work = method.EstimatedWork(new AttributionRequest(explainer, input, new ClassTarget(0), method.Configure()));
                string values = method.Kind.IsMap() ? "one value for each pixel" : "one value for each pixel and channel";
                string[] options = [.. method.Options.Select(o => $"`--{o.Name}`")];
                string[] paragraphs =
                [
                    $"**{method.Title}**: {method.Summary}; {values}.",
                    $"{method.Paper}. Passes: {work.Forward} / {work.Backward}. "
                    + $"{(options.Length == 0 ? "No options." : $"Options: {string.Join(", ", options)}.")}",
                ];
                string[] lines = ["", $"#### {method.Name}", "", .. FilledText.Lines(paragraphs[0], Width), "", "```text",
                    .. FilledText.Lines(method.Formula, Width), "```", "", .. FilledText.Lines(paragraphs[1], Width)];
                foreach (string line in lines)
                {
                    yield return line;
                }
            }
        }

        yield return "";
    }

    public static IEnumerable<string> Options()
    {
        yield return "";
        foreach (var same in AttributionCatalog.All.SelectMany(m => m.Options, (method, option) => (Method: method.Name, Option: option))
            .GroupBy(o => o.Option.Name))
        {
            MethodOption first = same.First().Option;
            var defaults = same.GroupBy(o => o.Option.Default).OrderByDescending(d => d.Count()).ToArray();
            string others = string.Concat(defaults.Skip(1).Select(d => $"; `{d.Key}` for {string.Join(", ", d.Select(o => o.Method))}"));
            string value = first is MethodOption<bool> ? "" : first.Expected == first.Form ? $": `{first.Form}`" : $": {first.Expected}";
            foreach (string line in FilledText.Lines($"- `--{same.Key}`: {first.Summary}{value}. Default: `{defaults[0].Key}`{others}.",
                Width, "  "))
            {
                yield return line.StartsWith("  - ", StringComparison.Ordinal) ? line[2..] : line;
            }
        }

        yield return "";
    }
}
