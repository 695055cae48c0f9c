using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Tests.Support;

/// <summary>Attribution requests on made-up images.</summary>
internal static class Requests
{
    /// <summary>A request on a random image of the network's own size; options as name and value in turn.</summary>
    public static AttributionRequest Of(Explainer explainer, string method, Target target, params string[] options) =>
        Of(explainer, AttributionCatalog.All.Find(method), target, options);

    /// <inheritdoc cref="Of(Explainer, string, Target, string[])"/>
    public static AttributionRequest Of(Explainer explainer, AttributionMethod method, Target target, params string[] options) => new(
        explainer,
        RandomInput(explainer.Network, 1),
        target,
        method.Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1])));

    /// <summary>A tensor of standard normal values; the image that belongs to it is black.</summary>
    public static NetworkInput RandomInput(int size, ulong seed) => RandomInput(3, size, size, seed);

    /// <summary>The same of the network's own size.</summary>
    public static NetworkInput RandomInput(Network network, ulong seed) =>
        RandomInput(network.InputChannels, network.Preprocessing.Height, network.Preprocessing.Width, seed);

    private static NetworkInput RandomInput(int channels, int height, int width, ulong seed)
    {
        var rng = new Rng(seed);
        float[] tensor = [.. Enumerable.Range(0, channels * height * width).Select(i => (float)rng.Gaussian((ulong)i))];
        return new NetworkInput("random", new RgbImage(width, height, new byte[3 * width * height]), tensor, "");
    }
}
