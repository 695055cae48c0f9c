using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// A rectangle of the map that a node gives for an image which differs from another, known one in one place only: the rows and columns that
/// were computed anew, handed in as a patch, and around them what the node gave for the known image; beyond the map's edge a constant.
/// Where the rectangle and the patch lie on the map may differ from image to image, which <see cref="Backends.FramePlace"/> says before
/// each run. There is no backward pass.
/// </summary>
/// <param name="Slot">Its number among the frames of its network.</param>
/// <param name="Map">Height and width of the whole map.</param>
/// <param name="Size">Height and width of the rectangle.</param>
/// <param name="Outside">What stands beyond the map's edge: what the layer that reads the rectangle takes for its padding.</param>
internal sealed record Frame(int Slot, Size2 Map, Size2 Size, float Outside) : Layer
{
    internal const string Name = "frame";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Name, inputs, rank: 4);
        return Size.H >= 1 && Size.W >= 1 ? new Shape(x[0], x[1], Size.H, Size.W)
            : throw new ModelException($"{Name}: expected a rectangle of at least 1x1, found {Size}");
    }
}
