using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Channels of G groups dealt out in turn: y[n, j·G + i, h, w] = x[n, i·C/G + j, h, w]. Backward deals them back.
/// X. Zhang et al., "ShuffleNet", arXiv 1707.01083, section 3.1.
/// </summary>
/// <param name="Groups">G.</param>
public sealed record ChannelShuffle(int Groups) : Layer
{
    internal const string Name = "channel_shuffle";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Name, inputs, rank: 4);
        return Groups >= 1 && x[1] % Groups == 0
            ? x
            : throw new ModelException($"channel_shuffle: {x[1]} channels do not split into {Groups} groups");
    }
}
