using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts;

/// <summary>The features of sets of images at a layer. Images are read several at a time and not held; their features are.</summary>
internal sealed class LayerFeatures
{
    private const int Chunk = 32;
    private readonly LayerRun _run;
    private readonly ConceptTestOptions _options;
    private readonly Action<string, InputException> _skipped;

    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="options">Pool, threads and memory.</param>
    /// <param name="skipped">Told of images that cannot be used.</param>
    internal LayerFeatures(Explainer explainer, Node layer, ConceptTestOptions options, Action<string, InputException> skipped)
    {
        (_run, _options, _skipped) = (new LayerRun(explainer, layer), options, skipped);
        Shape = explainer.Network.OwnShapes[layer.Id];
    }

    /// <summary>The layer's shape for one image, on which all have to agree.</summary>
    internal Shape Shape { get; }

    /// <summary>The features of the images that can be read, in order.</summary>
    /// <exception cref="InputException">An image has another size than the network's own.</exception>
    internal List<float[]> Of(ImageSet set, Action<int> done, CancellationToken cancel)
    {
        var rows = new List<float[]>(set.Images.Length);
        InChunks(set, Chunk, _options.Parallel(cancel), _skipped, (first, inputs) =>
        {
            (Shape shape, float[] values) = _run.Activations(inputs, cancel);
            Check(shape, set.Images[first]);
            int each = values.Length / inputs.Count;
            for (int i = 0; i < inputs.Count; i++)
            {
                rows.Add(_options.Pool.Of(values.AsSpan(i * each, each), Shape));
            }

            done(Math.Min(first + Chunk, set.Images.Length));
        });
        return rows;
    }

    internal void Check(Shape shape, string image)
    {
        if (!shape.WithBatch(1).Equals(Shape))
        {
            throw new InputException(
                $"{image}: layer {_run.Layer.Name} gives {shape.WithBatch(1)} for it and {Shape} for the network's own "
                + "input size; concepts need images of that size");
        }
    }

    /// <summary>Reads a set, so many images at a time; those that cannot be read are left out.</summary>
    internal static void InChunks(
        ImageSet set, int size, ParallelOptions parallel, Action<string, InputException> skipped, Action<int, List<NetworkInput>> use)
    {
        for (int first = 0; first < set.Images.Length; first += size)
        {
            int start = first, count = Math.Min(size, set.Images.Length - first);
            var inputs = new NetworkInput?[count];
            var problems = new InputException?[count];
            Parallel.For(0, count, parallel, i =>
            {
                try
                {
                    inputs[i] = set.Read(start + i, parallel.CancellationToken);
                }
                catch (InputException e)
                {
                    problems[i] = e;
                }
            });
            for (int i = 0; i < count; i++)
            {
                if (problems[i] is { } problem)
                {
                    skipped(set.Images[first + i], problem);
                }
            }

            List<NetworkInput> read = [.. inputs.OfType<NetworkInput>()];
            if (read.Count > 0)
            {
                use(first, read);
            }
        }
    }
}
