using System.CommandLine;
using Interp.Cli.Examples;
using Interp.Engine.Common;
using Interp.Engine.Concepts.Discovery;
using Interp.Engine.Graph;

namespace Interp.Cli.Concepts;

/// <summary>Whose concepts are looked for, and how.</summary>
internal static class DiscoverFlags
{
    private static readonly DiscoveryOptions s_standard = new();

    private static readonly Option<string> s_class = new("--class")
    {
        Description = "The class: an id, a label or part of one",
        HelpName = "ID|LABEL",
        Required = true,
    };

    private static readonly Option<int> s_components = TypedOption.Whole(
        "--components", "How many concepts", s_standard.Components, 2, 100);

    private static readonly Option<int?> s_patch = TypedOption.OptionalWhole(
        "--patch", "Side of a crop in pixels of the network's input [default: 2/7 of it, 64 of 224]", 1, 100_000);

    private static readonly Option<int> s_samples = TypedOption.Whole(
        "--samples", "Points that importance is measured at, each once more for every concept", s_standard.Samples, 2, 100_000);

    private static readonly Option<int> s_sets = TypedOption.Whole(
        "--random-sets", "Sets of random directions that go through the same", s_standard.RandomSets, 0, 1000);

    private static readonly Option<int> s_orders = TypedOption.Whole(
        "--random-orders", "Random orders for deletion and insertion, on each image", s_standard.RandomOrders, 1, 10_000);

    private static readonly Option<int> s_splits = TypedOption.Whole(
        "--splits", "How often the images are halved to compare the halves' concepts", s_standard.Splits, 1, 1000);

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results; what is there is not made again");

    internal static IEnumerable<Option> Subject => [UnitFlags.Layer, s_class, UnitFlags.Images];

    internal static IEnumerable<Option> Method => [s_components, s_patch, s_samples, SharedOptions.Seed];

    internal static IEnumerable<Option> Controls => [s_sets, s_orders, s_splits];

    /// <exception cref="InputException">There is no such class.</exception>
    internal static int ReadClass(Invocation run, Network network) => network.Classes > 0 ? network.Labels.Find(run.Get(s_class))
        : throw new InputException($"{s_class.Name}: model {network.Name} has no classes, so that nothing can be recognised by a concept");

    internal static DiscoveryOptions Read(Invocation run) => new()
    {
        Components = run.Get(s_components),
        Patch = run.Get(s_patch),
        Samples = run.Get(s_samples),
        RandomSets = run.Get(s_sets),
        RandomOrders = run.Get(s_orders),
        Splits = run.Get(s_splits),
        Seed = run.Get(SharedOptions.Seed),
        Threads = run.Get(SharedOptions.Threads),
        Batch = MemoryFlags.Read(run).Batch,
        MemoryLimit = MemoryFlags.Read(run).MemoryLimit,
    };
}
