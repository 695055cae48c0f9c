using System.Collections.Immutable;
using Interp.Engine.Graph;

namespace Interp.Engine.Backends;

/// <summary>What a session is prepared for. Less asked for is less computed and less memory held.</summary>
public sealed record SessionOptions
{
    /// <summary>Number of images in one run.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Height of the images; 0 for the model's own input size.</summary>
    public int Height { get; init; }

    /// <summary>Width of the images; 0 for the model's own input size.</summary>
    public int Width { get; init; }

    /// <summary>Whether <see cref="Session.Backward"/> will be called.</summary>
    public bool Backward { get; init; } = true;

    /// <summary>
    /// Nodes other than the output whose activations are read after a forward pass, or at which gradients are seeded or read. The input's
    /// gradient is
    /// always there after a backward pass.
    /// </summary>
    public ImmutableArray<Node> Keep { get; init; } = [];

    /// <summary>Memory that several sessions use in turn, where the backend can; null for memory of its own.</summary>
    internal LentMemory? Memory { get; init; }
}
