using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Statistics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>Takes the layer's output on whole images apart, and runs the layers behind on what is put together from it.</summary>
internal sealed class ImageMeasurement
{
    private readonly Explainer _explainer;
    private readonly DiscoveryOptions _options;
    private readonly ConceptTail _tail;
    private readonly ConceptBasis _concepts;
    private readonly ConceptBasis[] _random;
    private readonly SobolIndices _design;

    internal ImageMeasurement(
        Explainer explainer, ConceptTail tail, ConceptBasis concepts, ConceptBasis[] random, DiscoveryOptions options)
    {
        (_explainer, _tail, _concepts, _random, _options) = (explainer, tail, concepts, random, options);
        _design = new SobolIndices(concepts.Rank, options.Samples, new Rng(options.Seed, DiscoveryStreams.Masks));
    }

    internal List<ImageFinding> Of(LayerRun run, IReadOnlyList<NetworkInput> images, Action<int, int> progress, CancellationToken cancel)
    {
        var found = new List<ImageFinding>();
        foreach (NetworkInput[] part in images.Chunk(_options.Batch))
        {
            (Shape shape, float[] maps) = run.Activations(part, cancel);
            NonNegativeLayer.CheckValues(_explainer.Network, run.Layer, maps);
            int each = maps.Length / part.Length;
            for (int i = 0; i < part.Length; i++)
            {
                _tail.Enter(part[i], cancel);
                found.Add(Of(maps.AsMemory(i * each, each), cancel));
                progress(found.Count, images.Count);
            }
        }

        return found;
    }

    private ImageFinding Of(ReadOnlyMemory<float> maps, CancellationToken cancel)
    {
        double squares = 0;
        foreach (float value in maps.Span)
        {
            squares += (double)value * value;
        }

        (float[] u, BasisFinding concepts, double[] effect) = Measure(_concepts, maps, withEffect: true, cancel);
        BasisFinding[] random = [.. _random.Select(b => Measure(b, maps, withEffect: false, cancel).Finding)];
        return new ImageFinding(u, _tail.Own(maps, cancel), squares, concepts, effect, random);
    }

    private (float[] U, BasisFinding Finding, double[] Effect) Measure(
        ConceptBasis basis, ReadOnlyMemory<float> maps, bool withEffect, CancellationToken cancel)
    {
        float[] u = basis.Solve(maps, _options.Parallel(cancel));
        float[][] parts = basis.Parts(u);
        double[] all = [.. Enumerable.Repeat(1.0, basis.Rank)];
        double[][] without = withEffect ? [.. all.Select((_, j) => all.Select((one, k) => k == j ? 0 : one).ToArray())] : [];
        ClassAnswer[] answers = _tail.Masked(parts, [all, .. without, .. _design.Points], cancel);
        double[] logits = [.. answers.Skip(1 + without.Length).Select(a => a.Logit)];
        double[] effect = [.. answers.Skip(1).Take(without.Length).Select(a => answers[0].Logit - a.Logit)];
        return (u, new BasisFinding(answers[0], _design.Parts(logits), _design.Variance(logits), Missing(parts, all, maps.Span)), effect);
    }

    private static double Missing(float[][] parts, double[] all, ReadOnlySpan<float> maps)
    {
        var sum = new float[maps.Length];
        ConceptBasis.Sum(parts, all, sum);
        double missing = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            missing += ((double)maps[i] - sum[i]) * ((double)maps[i] - sum[i]);
        }

        return missing;
    }
}
