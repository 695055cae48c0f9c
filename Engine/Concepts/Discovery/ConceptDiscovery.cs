using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>
/// CRAFT (T. Fel and others, CVPR 2023): which concepts a class is recognised by, found without anybody naming them. Crops of the class's
/// images, enlarged to the network's input, give rows A of a non-negative layer's channel means; A ≈ U W with U, W ≥ 0 gives r directions
/// W. On whole images the layer's output at each place is written as a sum of them, which makes heat maps; dimming them at random and
/// running the layers behind gives S_T, the part that each has in the logit's variance.
/// </summary>
/// <remarks>
/// Beside everything stands what chance gives: random directions, random orders, halves of shuffled activations. The same bits at any
/// number of threads, in any batch and on any instruction set. The images and their maps of u are held, and A.
/// </remarks>
public static class ConceptDiscovery
{
    /// <summary>Fewer images than this are warned of.</summary>
    public const int FewImages = 10;

    /// <summary>Finds the concepts.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">A layer with maps that are nowhere negative, as behind a ReLU.</param>
    /// <param name="target">The class.</param>
    /// <param name="images">Images of the class, at least 2, all of one size.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it has come, or null.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="InputException">The layer gives negative values or no maps, or there are too few images for so many
    /// concepts.</exception>
    /// <exception cref="BackendException">Not even one image fits the memory limit.</exception>
    public static DiscoveredConcepts Run(
        Explainer explainer, Node layer, int target, IReadOnlyList<NetworkInput> images, DiscoveryOptions? options = null,
        Action<ConceptProgress>? progress = null, CancellationToken cancel = default)
    {
        options ??= new DiscoveryOptions();
        options.Check();
        Network network = explainer.Network;
        NonNegativeLayer.CheckGraph(network, layer);
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, network.Classes);
        Shape shape = Check(network, layer, images, options);

        var run = new LayerRun(explainer, layer);
        var activations = PatchActivations.Of(explainer, run, images, options, Report("crops"), cancel);
        progress?.Invoke(new ConceptProgress("factors", 0, 1));
        var factors = NonNegativeFactors.Of(
            activations.Values, activations.Channels, options.Components, threads: options.Threads, cancel: cancel);
        var stability = ConceptStability.Of(activations, factors.W, options, Report("halves"), cancel);
        var basis = new ConceptBasis(factors.W, options.Components);
        ConceptBasis[] random = [.. Enumerable.Range(0, options.RandomSets).Select(s => RandomDirections.Of(
            activations, options.Components, new Rng(options.Seed, DiscoveryStreams.RandomDirections + (ulong)s)))];
        var tail = new ConceptTail(explainer, layer, target, images[0]);
        List<ImageFinding> found = new ImageMeasurement(explainer, tail, basis, random, options)
            .Of(run, images, Report("importance"), cancel);
        var curves = ConceptCurves.Of(tail, basis, images, found, options, Report("deletion and insertion"), cancel);
        return new DiscoverySummary(network, layer, target, images, options, tail, activations, factors, stability, found, curves)
            .Result(shape);

        Action<int, int> Report(string stage) => (done, total) => progress?.Invoke(new ConceptProgress(stage, done, total));
    }

    private static Shape Check(Network network, Node layer, IReadOnlyList<NetworkInput> images, DiscoveryOptions options)
    {
        if (images.Count < 2)
        {
            throw new InputException(
                $"{(images.Count == 1 ? "1 image" : $"{images.Count} images")} of the class, expected at least 2, and better 20 or more");
        }

        (int height, int width) = (images[0].Image.Height, images[0].Image.Width);
        if (images.FirstOrDefault(i => (i.Image.Height, i.Image.Width) != (height, width)) is { } other)
        {
            throw new InputException($"{other.Path}: it is {other.Image.Width}x{other.Image.Height}, and {images[0].Path} is "
                + $"{width}x{height}: expected images of one size");
        }

        Shape shape = network.Shapes(1, height, width)[layer.Id];
        int crops = PatchGrid.Of(options, height, width).Boxes.Length, most = Math.Min(images.Count / 2 * crops, shape[1]);
        if (options.Components > most)
        {
            throw new InputException($"option 'components' {options.Components}: expected at most {most}, since the layer has {shape[1]} "
                + $"channels and half of {images.Count} images gives {images.Count / 2 * crops} crops");
        }

        long bytes = sizeof(float) * (long)images.Count * options.Components * shape[2] * shape[3];
        return bytes <= options.MemoryLimit ? shape
            : throw new InputException($"layer {layer.Name}: the concepts' maps on {images.Count} images take {bytes >> 20} MiB, and "
                + $"{options.MemoryLimit >> 20} MiB are allowed; allow more, or take fewer images");
    }
}
