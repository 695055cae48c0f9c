using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>Checks shared by the layers' shape inference; each failure names the layer's kind, what was expected and what was
/// found.</summary>
internal static class Expect
{
    internal static Shape One(string kind, ReadOnlySpan<Shape> inputs, int? rank = null)
    {
        if (inputs.Length != 1)
        {
            throw new ModelException($"{kind}: expected 1 input, found {inputs.Length}");
        }

        return rank is null || inputs[0].Rank == rank
            ? inputs[0]
            : throw new ModelException($"{kind}: expected an input of rank {rank}, found {inputs[0]}");
    }

    /// <summary>One input of maps or vectors with that many channels.</summary>
    internal static Shape Channels(string kind, ReadOnlySpan<Shape> inputs, int channels)
    {
        Shape x = One(kind, inputs);
        return x.Rank is 2 or 4 && x[1] == channels
            ? x
            : throw new ModelException($"{kind}: expected [N,{channels}] or [N,{channels},H,W], found {x}");
    }
}
