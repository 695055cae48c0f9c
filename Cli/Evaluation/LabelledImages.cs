using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;

namespace Interp.Cli.Evaluation;

/// <summary>What is known of images without asking the network: their class, and where it is.</summary>
/// <param name="network">The network, for its classes and its preparation of images.</param>
/// <param name="boxes">Boxes around objects.</param>
/// <param name="largestBox">The share of the network's input that the boxes of a class may cover together; where they cover more, there are
/// none.</param>
internal sealed class LabelledImages(Network network, BoxFile boxes, double largestBox)
{
    /// <summary>What boxes depend on, for the result's file: SHA-256 of the boxes' file, and the largest share.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Values =>
        [new("boxes", boxes.Hash), new("largest_box", largestBox.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The image's true class: that of its first box or, if its folder is called by a WordNet id, of that; null if the network has
    /// no such class.</summary>
    internal int? ClassOf(NetworkInput input)
    {
        string? name = boxes.Of(input.Path) is [LabelledBox box, ..] ? box.Label : null;
        name ??= Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(input.Path))) is { } folder && WordNetIds.IsOne(folder) ? folder
            : null;
        return name is null ? null : Resolve(name);
    }

    /// <summary>The boxes of a class in the network's input; boxes without a class count for any.</summary>
    internal ImmutableArray<PixelBox> BoxesOf(NetworkInput input, int target)
    {
        PixelBox[] found =
        [
            .. boxes.Of(input.Path)
                .Where(b => b.Label is null || Resolve(b.Label) == target)
                .Select(b => input.FileSize is { } size && !input.IsPrepared ? b.Box.Through(size, network.Preprocessing) : b.Box),
        ];
        int covered = found.SelectMany(b => b.Pixels(input.Image.Width)).Distinct().Count();
        return covered <= largestBox * input.Image.Width * input.Image.Height ? [.. found] : [];
    }

    private int? Resolve(string name) => WordNetIds.IsOne(name) ? WordNetIds.ClassOf(name, network.Labels) : network.Labels.Find(name);
}
