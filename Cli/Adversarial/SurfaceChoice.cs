using Interp.Engine.Adversarial;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>What <c>--surface</c> says is changed.</summary>
internal static class SurfaceChoice
{
    internal const string Network = "network", File = "file";

    /// <summary>The surface of an image.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">The network.</param>
    /// <param name="input">The image.</param>
    /// <param name="run">To end the reading.</param>
    internal static Surface Of(string name, Network network, NetworkInput input, Invocation run) => name == File && !input.IsPrepared
        ? new FileSurface(network, ImageFile.Read(input.Path, run.Cancel))
        : new NetworkSurface(network, input.Image);
}
