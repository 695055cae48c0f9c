using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;

namespace Interp.Engine.Concepts;

/// <summary>Images that stand for a concept, for a class, or for neither; read one at a time, by any number of threads, and never
/// held.</summary>
/// <param name="name">What they stand for.</param>
/// <param name="images">The name of each.</param>
/// <param name="read">Reads one, given its place; the same each time.</param>
public sealed class ImageSet(string name, ImmutableArray<string> images, Func<int, CancellationToken, NetworkInput> read)
{
    /// <summary>What they stand for.</summary>
    public string Name => name;

    /// <summary>The name of each.</summary>
    public ImmutableArray<string> Images => images;

    /// <summary>Whether a program drew them, so that they differ from photos in more than the concept.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Image files, with the network's preprocessing; of a <c>.npy</c> file its first input.</summary>
    /// <param name="name">What they stand for.</param>
    /// <param name="files">The files.</param>
    /// <param name="network">The network that will see them.</param>
    public static ImageSet OfFiles(string name, IEnumerable<string> files, Network network)
    {
        ImmutableArray<string> all = [.. files];
        return new ImageSet(name, all, (i, cancel) => NetworkInput.Read(all[i], network, cancel)[0]);
    }

    /// <summary>Prepared inputs.</summary>
    /// <param name="name">What they stand for.</param>
    /// <param name="inputs">The inputs.</param>
    public static ImageSet Of(string name, IReadOnlyList<NetworkInput> inputs) =>
        new(name, [.. inputs.Select(i => i.Path)], (i, _) => inputs[i]);

    /// <summary>Generated images of the network's own size, filled by a texture or colour of
    /// <see cref="GeneratedImages.Concepts"/>.</summary>
    /// <param name="concept">The texture's or colour's name.</param>
    /// <param name="network">The network that will see them.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which ones.</param>
    /// <exception cref="InputException">There is no such texture or colour.</exception>
    public static ImageSet Generated(string concept, Network network, int count, ulong seed) => Drawn(
        concept, network, count, (h, w, i) => GeneratedImages.FullFrame(concept, h, w, seed, i));

    /// <summary>Generated images without a texture or colour of their own.</summary>
    /// <inheritdoc cref="Generated"/>
    public static ImageSet Noise(Network network, int count, ulong seed) => Drawn(
        "noise", network, count, (h, w, i) => GeneratedImages.Noise(h, w, seed, i));

    /// <summary>At most so many of the images: that many, drawn at random, in their order.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which ones.</param>
    public ImageSet AtMost(int count, ulong seed)
    {
        if (images.Length <= count)
        {
            return this;
        }

        int[] chosen = [.. ConceptStreams.Sample(seed, ConceptStreams.Of("choice", name), images.Length, count).Order()];
        return new ImageSet(name, [.. chosen.Select(i => images[i])], (i, cancel) => Read(chosen[i], cancel)) { IsGenerated = IsGenerated };
    }

    /// <summary>Reads an image.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="cancel">Ends the waiting for a pipe.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public NetworkInput Read(int index, CancellationToken cancel = default) => read(index, cancel);

    private static ImageSet Drawn(string name, Network network, int count, Func<int, int, int, RgbImage> draw) => new(
        name,
        [.. Enumerable.Range(0, count).Select(i => $"{name} {i}")],
        (i, _) =>
        {
            RgbImage image = draw(network.Preprocessing.Height, network.Preprocessing.Width, i);
            return new NetworkInput($"{name} {i}", image, Normalization.ToTensor(image, network.Preprocessing), "")
            {
                ChannelOrder = network.Preprocessing.ChannelOrder,
            };
        })
    {
        IsGenerated = true,
    };
}
