using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Engine.Dissection;

/// <summary>
/// Says what the units of a network's layers stand for, by comparing where they are active with where labelled concepts are: Network
/// Dissection (D. Bau et al., CVPR 2017, arXiv 1704.05796), with significance.
/// </summary>
/// <remarks>
/// For each unit k: T_k with P(a_k &gt; T_k) = q over all positions of all images, exactly; masks M_k, the maps enlarged bilinearly to the
/// label grid, where they exceed T_k; IoU of M_k and each concept's places, sums over all images; the concept with the best score as label.
/// Chance: the label maps exchanged among images that carry the same category, and moved within their images. Equal inputs and seeds give
/// equal bits at any number of threads and any batch.
/// </remarks>
public static class Dissector
{
    /// <summary>Dissects layers, all in one pass over the images.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layers">Its layers, each once.</param>
    /// <param name="labels">Images with labels.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Ends it, what is done being kept in <see cref="DissectionOptions.StateFile"/>.</param>
    /// <returns>A result for each layer.</returns>
    /// <exception cref="InputException">An option is out of its range, a layer is the image itself, the network takes neither RGB nor
    /// grey, no image can be used, there are too few for masks, or no concept is in enough of them.</exception>
    /// <exception cref="ModelException">Activations are not finite.</exception>
    public static IReadOnlyList<Dissection> Run(
        Explainer explainer, IReadOnlyList<Node> layers, LabelSet labels, DissectionOptions? options = null,
        Action<DissectionProgress>? progress = null, CancellationToken cancel = default)
    {
        Network network = explainer.Network;
        if (layers.Count == 0 || layers.Distinct().Count() < layers.Count)
        {
            throw new InputException("dissection: name at least one layer, and each once");
        }

        if (network.InputChannels is not (1 or 3) || network.InputChannels != network.Preprocessing.Channels)
        {
            throw new InputException(
                $"model {network.Name} takes {network.InputChannels} channels, expected 3 (RGB) or 1 (grey), and as many means in its "
                + "preprocessing");
        }

        options ??= new();
        options.Require();
        using var run = new DissectionRun(explainer, layers, labels, options, progress, cancel);
        return run.Work();
    }
}
