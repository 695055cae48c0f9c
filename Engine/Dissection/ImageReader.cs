using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;

namespace Interp.Engine.Dissection;

/// <param name="Index">Its place in the set.</param>
/// <param name="Input">The image as the network sees it.</param>
/// <param name="Labels">Its labels on the grid.</param>
internal sealed record GridImage(int Index, NetworkInput Input, GridLabels Labels);

/// <summary>Reads the images of a label set in batches, the next one while one is worked on. Images that cannot be read are reported and
/// left out.</summary>
internal sealed class ImageReader(Network network, LabelSet set, LabelGrid grid, DissectionOptions options)
{
    /// <summary>Batches in order.</summary>
    /// <param name="indices">The images' places in the set.</param>
    /// <param name="cancel">Ends the reading.</param>
    internal IEnumerable<(IReadOnlyList<GridImage> Images, IReadOnlyList<(int Index, string Message)> Failed)> Batches(
        IReadOnlyList<int> indices, CancellationToken cancel)
    {
        int[][] chunks = [.. indices.Chunk(options.Batch)];
        Task<(GridImage[], (int, string)[])>? next = chunks.Length > 0 ? Start(0) : null;
        for (int i = 0; i < chunks.Length; i++)
        {
            (GridImage[], (int, string)[]) batch = next!.GetAwaiter().GetResult();
            next = i + 1 < chunks.Length ? Start(i + 1) : null;
            yield return batch;
        }

        Task<(GridImage[], (int, string)[])> Start(int chunk) => Task.Run(() => Read(chunks[chunk], cancel), cancel);
    }

    private (GridImage[] Images, (int, string)[] Failed) Read(int[] indices, CancellationToken cancel)
    {
        var images = new List<GridImage>();
        var failed = new List<(int, string)>();
        foreach (int index in indices)
        {
            try
            {
                LabelledImage image = set.Read(index, cancel);
                (RgbImage prepared, float[] tensor) = NetworkInput.Prepare(image.Image, network);
                images.Add(new GridImage(
                    index, new NetworkInput(image.Name, prepared, tensor, image.Hash), GridLabels.Of(image, set, grid)));
            }
            catch (InputException e)
            {
                failed.Add((index, e.Message));
            }
        }

        return ([.. images], [.. failed]);
    }
}
