using System.CommandLine;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Influence;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>What is asked, of which training images, and how far it is checked.</summary>
internal static class InfluenceFlags
{
    private const string AllMethods = "all", Retrain = "retrain";
    private const int FewShown = 8, ManyShown = 50;
    private static readonly InfluenceOptions s_standard = new();

    internal static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "Images whose prediction is asked about, folders of them, or .npy tensors in network units",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> s_train = new("--train")
    {
        Description = "Training images, a folder for each class, called by its label or WordNet id",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> s_layer = TypedOption.Text(
        "--layer", "Layer whose channel means are the features [default: the last that has maps]", "NAME");

    private static readonly Option<string> s_class = TypedOption.Text(
        "--class", "The class asked about: a folder's name, number or label [default: what the network says]", "NAME");

    private static readonly Option<double?> s_l2 = TypedOption.OptionalReal(
        "--l2", "Penalty λ of (λ/2)|W|² [default: auto, the best on held-out images]", "a number above 0",
        x => x is > 0 and < double.MaxValue, "auto");

    private static readonly Option<double> s_validation = TypedOption.Real(
        "--validation", "Share of each class that is held out to choose the penalty and to measure", s_standard.Validation, 0, 0.5);

    private static readonly Option<string> s_methods = new("--method")
    {
        Description = "Other estimates to put beside influence's: names from a list, or all",
        HelpName = $"NAME,…|{AllMethods}",
        DefaultValueFactory = _ => InfluenceMethods.Influence.Name,
    };

    internal static readonly Option<int?> CountOption = TypedOption.OptionalWhole(
        "--count", $"Images to show at either end [default: {FewShown}], or suspects [default: {ManyShown}]", 1, 1000);

    internal static readonly Option<string> CheckOption = TypedOption.Choice(
        "--check", "Whether estimates are checked by training again without the image", Retrain, Retrain, "none");

    internal static readonly Option<int> ChecksOption = TypedOption.Whole(
        "--checks", "How many of those shown are checked, and as many random others", 20, 1, 10_000);

    internal static readonly Option<bool> RemoveTopOption = TypedOption.Switch(
        "--remove-top", "Remove the most helpful ones together until the prediction changes");

    internal static readonly Option<bool> Mislabelled = TypedOption.Switch(
        "--mislabelled", "Rank the training images by how likely they are in the wrong folder; no IMAGE");

    internal static readonly Option<double> PlantOption = TypedOption.Real(
        "--plant", "Share of labels to make wrong in memory first, to see how many are found", 0, 0, 0.5);

    internal static readonly Option<bool> Compare = TypedOption.Switch(
        "--compare", "Compare all methods by what training on random halves gives");

    internal static readonly Option<int> SubsetsOption = TypedOption.Whole(
        "--subsets", "Random halves to train on for --compare", 50, 4, 10_000);

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results; what is there is not made again");

    internal static IEnumerable<Option> Subject => [s_train, s_class, s_layer, s_l2, s_validation, SharedOptions.Seed];

    internal static IEnumerable<Option> Lists => [s_methods, CountOption, CheckOption, ChecksOption, RemoveTopOption];

    internal static IEnumerable<Option> Others => [Mislabelled, Suspects.By, PlantOption, Compare, SubsetsOption];

    internal static string Train(Invocation run) => run.Get(s_train);

    internal static string? Class(Invocation run) => run.Get(s_class);

    internal static int Count(Invocation run) => run.Get(CountOption) ?? (run.Get(Mislabelled) ? ManyShown : FewShown);

    internal static bool IsChecked(Invocation run) => run.Get(CheckOption) == Retrain;

    internal static Node Layer(Invocation run, Network network) =>
        run.Get(s_layer) is { } asked ? run.FindLayer(network, asked) : FeatureRun.LastMaps(network);

    internal static InfluenceOptions Read(Invocation run) => new()
    {
        L2 = run.Get(s_l2),
        Validation = run.Get(s_validation),
        Seed = run.Get(SharedOptions.Seed),
        Threads = run.Get(SharedOptions.Threads),
    };

    /// <summary>The methods beside <see cref="InfluenceMethods.Influence"/>, in the order of the catalog.</summary>
    /// <exception cref="InputException">There is none of a name.</exception>
    internal static IReadOnlyList<InfluenceMethod> Rivals(Invocation run)
    {
        string[] names = run.Get(s_methods).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            throw new InputException($"{s_methods.Name} '': expected names of methods, or {AllMethods}");
        }

        if (names is [AllMethods])
        {
            return [.. InfluenceMethods.All.Where(m => m != InfluenceMethods.Influence)];
        }

        InfluenceMethod[] asked = [.. names.Select(InfluenceMethods.All.Find)];
        return [.. InfluenceMethods.All.Where(m => asked.Contains(m) && m != InfluenceMethods.Influence)];
    }

    /// <summary>Says of options that belong to another form of the command that they have no effect.</summary>
    internal static void NoteIdle(Invocation run)
    {
        bool mislabelled = run.Get(Mislabelled), compare = run.Get(Compare), asks = !mislabelled && !compare;
        run.NoteIdle(
            !asks, mislabelled ? "with --mislabelled" : "with --compare", s_class, s_methods, CheckOption, ChecksOption, RemoveTopOption);
        run.NoteIdle(compare, "with --compare", CountOption);
        run.NoteIdle(!mislabelled, "without --mislabelled", Suspects.By, PlantOption);
        run.NoteIdle(!compare, "without --compare", SubsetsOption);
        run.NoteIdle(asks && !IsChecked(run), "with --check none", ChecksOption);
    }
}
