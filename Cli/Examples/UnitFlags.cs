using System.CommandLine;
using Interp.Cli.Visualization;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Cli.Examples;

/// <summary>Which channels are looked for in which images.</summary>
internal static class UnitFlags
{
    internal const string OutName = "--out";

    internal static readonly Option<string> Layer = new("--layer") { Description = "The layer", HelpName = "NAME", Required = true };

    internal static readonly Option<string[]> Images = new("--images")
    {
        Description = "Folders of images, folders of such folders, or files",
        HelpName = "DIR...",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    internal static readonly Option<int> Count = TypedOption.Whole(
        "--count", "Images to show that excite a channel most, and as many that do least", 9, 1, 1000);

    internal static readonly Option<string> Rank =
        TypedOption.Choice("--rank", "What orders images: the channel's largest value, or its mean over the map", "max", "max", "mean");

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results; what is there is not made again");

    /// <summary>Where examples are looked for, and which are shown.</summary>
    internal static IEnumerable<Option> Search => [Images, Count, Rank];

    /// <summary>The channels that an option names.</summary>
    /// <exception cref="InputException">The layer or a channel does not exist.</exception>
    internal static UnitChoice Read(Invocation run, Network network, Option<string> channels, Option<string> rank)
    {
        Node layer = run.FindLayer(network, run.Get(Layer));
        if (layer.Id == 0)
        {
            throw new InputException($"{Layer.Name} {layer.Name}: that is the image itself; name a layer behind it, 'layers' lists them");
        }

        Shape shape = network.OwnShapes[layer.Id];
        return new UnitChoice(layer, shape, UnitList.Numbers(run.Get(channels), shape[1], channels.Name), run.Get(Count),
            Enum.Parse<ExampleRank>(run.Get(rank), ignoreCase: true));
    }

    /// <summary>The images.</summary>
    internal static InputList Inputs(Invocation run) => new(run, run.Get(Images));
}

/// <param name="Layer">The layer.</param>
/// <param name="Shape">The shape of its output for one image of the network's own size.</param>
/// <param name="Channels">Its channels that are looked for.</param>
/// <param name="Count">How many images are wanted at either end.</param>
/// <param name="Rank">What orders them.</param>
internal sealed record UnitChoice(Node Layer, Shape Shape, IReadOnlyList<int> Channels, int Count, ExampleRank Rank)
{
    internal UnitExamples[] Start() => [.. Channels.Select(k => new UnitExamples(k, Count, Rank))];
}
