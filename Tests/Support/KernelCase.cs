using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Tests.Support;

/// <summary>A network and an input size on which backends are compared.</summary>
/// <param name="Name">Shown with the test's result.</param>
/// <param name="Network">Makes the network.</param>
/// <param name="Batch">N.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Depth">Number of layers that accumulate rounding errors, for the tolerance.</param>
internal sealed record KernelCase(string Name, Func<Network> Network, int Batch, int Height, int Width, int Depth = 1)
{
    /// <summary>Session options for this size.</summary>
    public SessionOptions Options => new() { Batch = Batch, Height = Height, Width = Width };

    /// <summary>Reproducible normal inputs.</summary>
    public float[] Input(Network network, int seed = 7) => new Gaussian(seed).Values((long)Batch * network.InputChannels * Height * Width);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
