using System.CommandLine;
using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Graph;

namespace Interp.Cli.Concepts;

/// <summary>What <c>concepts test</c> tests, and how.</summary>
internal static class ConceptTestFlags
{
    internal const string Generated = "patterns";
    private static readonly ConceptTestOptions s_standard = new();

    internal static readonly Option<string[]> Layer = Several("--layer", "Layers, each tested by itself", "NAME...", required: true);

    internal static readonly Option<string[]> Class = Several(
        "--class", "Classes: ids, labels or parts of one", "ID|LABEL...", required: true);

    internal static readonly Option<string> Concepts = new("--concepts")
    {
        Description = "Folder with a folder of images a concept, or generated textures, colours",
        HelpName = $"DIR|{Generated}",
        DefaultValueFactory = _ => Generated,
    };

    internal static readonly Option<string> Only = TypedOption.Text(
        "--only", "Of those, the concepts of these names (of patterns also: texture, color)", "NAME[,NAME...]");

    internal static readonly Option<string[]> Images = Several(
        "--images", "Photos of the class, or a folder with folders called by label, id or WordNet id", "DIR...");

    internal static readonly Option<string> Random = TypedOption.Text(
        "--random", "Photos of anything else [default: other classes of --images, or noise]", "DIR");

    internal static readonly Option<int> Count = TypedOption.Whole(
        "--count", "The most images of a concept, and of a class", s_standard.SetSize, ConceptTest.FewestImages, 10_000);

    internal static readonly Option<int> RandomCount = TypedOption.Whole(
        "--random-count", "The most random images, drawn evenly from all there are", 300, 2 * ConceptTest.FewestImages, 100_000);

    private static readonly Option<int> s_runs = TypedOption.Whole(
        "--runs", "Directions of a concept, each against other negatives", s_standard.Runs, 2, 1000);

    private static readonly Option<int?> s_null = TypedOption.OptionalWhole(
        "--null", "Random concepts that say what chance gives [default: 400, or 40 a test if that is more]", 19, 100_000);

    private static readonly Option<string> s_vector = TypedOption.Choice(
        "--cav", "How directions are found", s_standard.Vector.Name, [.. ConceptVectorKind.All.Names]);

    private static readonly Option<double?> s_alpha = TypedOption.OptionalReal(
        "--alpha", $"Penalty α of (α/2)|v|² [default: {s_standard.Alpha}]", "a number above 0", x => x is > 0 and < double.MaxValue);

    private static readonly Option<string> s_pool = TypedOption.Choice(
        "--pool", "Features: all places of a channel's map, or their mean or maximum", s_standard.Pool.Name,
        [.. FeaturePool.All.Names]);

    private static readonly Option<string> s_relative = TypedOption.Choice(
        "--relative", "Tell a concept from the others, not from random images; auto: of patterns", "auto", "auto",
        "yes", "no");

    private static readonly Option<string> s_statistic = TypedOption.Choice(
        "--statistic", "What the p-value is about", "score", "score", "sensitivity");

    internal static readonly Option<string[]> Map = Several(
        "--map", "Photos to draw maps of: where the class depends on a concept", "PHOTO...");

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results; what is there is not made again");

    /// <summary>What is tested.</summary>
    internal static IEnumerable<Option> Subject => [Layer, Class, Images, TargetFlags.Probability];

    /// <summary>With what.</summary>
    internal static IEnumerable<Option> Material => [Concepts, Only, Random, s_relative, Count, RandomCount];

    /// <summary>How.</summary>
    internal static IEnumerable<Option> Method => [s_vector, s_alpha, s_pool, s_runs, s_null, s_statistic, SharedOptions.Seed];

    /// <summary>Whether concepts are told apart from each other, as far as that was said.</summary>
    internal static bool? Relative(Invocation run) => run.Get(s_relative) is var text && text == "auto" ? null : text == "yes";

    /// <summary>The layers, each once.</summary>
    /// <exception cref="InputException">One does not exist.</exception>
    internal static Node[] Layers(Invocation run, Network network) =>
        [.. run.Parts(Layer).Select(l => run.FindLayer(network, l)).Distinct()];

    /// <summary>The classes, each once.</summary>
    /// <exception cref="InputException">One does not exist.</exception>
    internal static int[] Classes(Invocation run, Network network)
    {
        if (network.Classes == 0)
        {
            throw new InputException($"{Class.Name}: model {network.Name} has no classes, so that nothing can be recognised by a concept");
        }

        return [.. run.Get(Class).Select(network.Labels.Find).Distinct()];
    }

    /// <summary>How it is done.</summary>
    internal static ConceptTestOptions Read(Invocation run, bool relative) => new()
    {
        Vector = ConceptVectorKind.All.Find(run.Get(s_vector)),
        Alpha = run.Get(s_alpha) ?? s_standard.Alpha,
        Pool = FeaturePool.All.Find(run.Get(s_pool)),
        Runs = run.Get(s_runs),
        RandomConcepts = run.Get(s_null),
        SetSize = run.Get(Count),
        Relative = relative,
        Statistic = Enum.Parse<ConceptStatistic>(run.Get(s_statistic), ignoreCase: true),
        Probability = run.Get(TargetFlags.Probability),
        Seed = run.Get(SharedOptions.Seed),
        Threads = run.Get(SharedOptions.Threads),
        MemoryLimit = MemoryFlags.Read(run).MemoryLimit,
    };

    private static Option<string[]> Several(string name, string description, string helpName, bool required = false) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = required,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };
}
