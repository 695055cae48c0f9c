using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's ShuffleNet v2 (N. Ma et al., arXiv 1807.11164), of any width. A block with a <c>branch1</c> halves the maps; any other
/// hands one half of its channels on and works on the other; both then shuffle the two halves.
/// </summary>
internal sealed class ShuffleNetArchitecture : IArchitecture
{
    /// <inheritdoc/>
    public string Name => "shufflenet_v2";

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => ["shufflenet"];

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("stage2.0.branch2.0.weight") && dict.Has("stage2.0.branch1.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this));
        string x = b.ConvNorm("conv1", "input", new ReLU(), stride: 2);
        x = b.Add("maxpool", new MaxPool2d(Window.Square(3, stride: 2, padding: 1)), x);
        for (int stage = 2; dict.HasBlock($"stage{stage}.0", "branch2.0.weight"); stage++)
        {
            for (int block = 0; dict.HasBlock($"stage{stage}.{block}", "branch2.0.weight"); block++)
            {
                x = Block(b, $"stage{stage}.{block}", x);
            }
        }

        x = b.Means("mean", b.ConvNorm("conv5", x, new ReLU()));
        new LinearHead(dict, b.Plan, "fc").Add(b.Channels(x));
        dict.RequireAllUsed("ShuffleNet's conv1, stage2 to stage4, conv5 and fc");
        return b.Plan;
    }

    private static string Block(Blocks b, string at, string from)
    {
        bool halves = b.Dict.Has($"{at}.branch1.0.weight");
        int channels = b.Channels(from);
        string left, right;
        if (halves)
        {
            string x = b.Conv($"{at}.branch1.0", from, stride: 2, norm: $"{at}.branch1.1");
            left = b.Add($"{at}.branch1.4", new ReLU(), b.Conv($"{at}.branch1.2", x, norm: $"{at}.branch1.3"));
            right = from;
        }
        else
        {
            left = b.Add($"{at}.chunk", new ChannelSlice(0, channels / 2), from);
            right = b.Add($"{at}.chunk_1", new ChannelSlice(channels / 2, channels - channels / 2), from);
        }

        right = b.Add($"{at}.branch2.2", new ReLU(), b.Conv($"{at}.branch2.0", right, norm: $"{at}.branch2.1"));
        right = b.Conv($"{at}.branch2.3", right, halves ? 2 : 1, $"{at}.branch2.4");
        right = b.Add($"{at}.branch2.7", new ReLU(), b.Conv($"{at}.branch2.5", right, norm: $"{at}.branch2.6"));
        return b.Add($"{at}.channel_shuffle", new ChannelShuffle(2), b.Add($"{at}.cat", new Concat(), left, right));
    }
}
