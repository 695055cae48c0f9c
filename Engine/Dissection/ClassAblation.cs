using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Statistics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Dissection;

/// <summary>
/// Which units the recognition of a class hangs on: each unit of a layer is set to 0 in turn, and what that costs the class is measured on
/// one half of its photos; then the most important units are taken away together, and the other half says what is left, beside as many
/// random units (D. Bau et al., PNAS 2020, doi 10.1073/pnas.1907375117). Images are run one at a time and none is held.
/// </summary>
/// <remarks>The measure is a class's balanced accuracy among the given photos: the mean of the share of its own photos that are taken for
/// it, and of the share of the others that are not. Units that cost the same are ordered by how much the class's probability falls on its
/// own photos. Equal inputs and seeds give equal bits at any number of threads.</remarks>
public sealed class ClassAblation
{
    private const ulong RandomStream = 0xD155_0003UL << 32;
    private readonly Explainer _explainer;
    private readonly LayerRun _run;
    private readonly LayerTail _tail;
    private readonly int _channels;
    private readonly int[] _classes;
    private readonly int[] _sizes;
    private readonly int _random;
    private readonly ulong _seed;

    /// <summary>Prepares the layers behind.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="classes">The classes, each once.</param>
    /// <param name="random">How many random sets of units are taken away for comparison.</param>
    /// <param name="seed">Their seed.</param>
    /// <exception cref="InputException">The layer is the network's output, or that does not depend on it, or the network has no classes, or
    /// a class is given twice or does not exist.</exception>
    public ClassAblation(Explainer explainer, Node layer, IReadOnlyList<int> classes, int random = 20, ulong seed = 0)
    {
        _tail = new LayerTail(explainer, layer);
        _run = new LayerRun(explainer, layer);
        (_explainer, _classes, _random, _seed) = (explainer, [.. classes], random, seed);
        _channels = explainer.Network.OwnShapes[layer.Id][1];
        _sizes = [.. Enumerable.Range(0, 7).Select(i => 1 << i).Where(n => n <= _channels)];
        if (classes.Count < 2 || classes.Distinct().Count() < classes.Count || classes.Any(c => c < 0 || c >= explainer.Network.Classes))
        {
            throw new InputException(
                $"ablation: {classes.Count} classes, expected at least two different ones of {explainer.Network.Classes}");
        }
    }

    /// <summary>Ranks the units of every class.</summary>
    /// <param name="images">Photos with their classes' places in the list; each class needs one at least.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>For each class its units, the most important first.</returns>
    public IReadOnlyList<ImmutableArray<UnitImportance>> Rank(
        IEnumerable<(NetworkInput Input, int Class)> images, Action<int>? progress = null, CancellationToken cancel = default)
    {
        int[][] sets = [[], .. Enumerable.Range(0, _channels).Select(k => new[] { k })];
        var hits = new Hits(_classes.Length, sets.Length);
        var probability = new double[_classes.Length, sets.Length];
        foreach ((NetworkInput input, int own) in images)
        {
            float[][] logits = Without(sets, input, cancel);
            for (int v = 0; v < logits.Length; v++)
            {
                hits.Add(own, v, Answer(logits[v]));
                probability[own, v] += _explainer.Network.OutputActivation.Probabilities(logits[v])[_classes[own]];
            }

            progress?.Invoke(hits.Images);
        }

        return [.. _classes.Select((_, c) =>
            Enumerable.Range(0, _channels)
                .Select(k => new UnitImportance(
                    k,
                    hits.Accuracy(c, 0) - hits.Accuracy(c, k + 1),
                    (probability[c, 0] - probability[c, k + 1]) / Math.Max(1, hits.Of(c))))
                .OrderByDescending(u => u.AccuracyDrop).ThenByDescending(u => u.ProbabilityDrop).ThenBy(u => u.Channel)
                .ToImmutableArray())];
    }

    /// <summary>Takes the most important units away together, 1, 2, 4, … 64 of them, and as many random ones.</summary>
    /// <param name="ranked">What <see cref="Rank"/> gave.</param>
    /// <param name="images">Other photos than those.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>A curve for each class.</returns>
    public IReadOnlyList<AblationCurve> Curves(
        IReadOnlyList<ImmutableArray<UnitImportance>> ranked, IEnumerable<(NetworkInput Input, int Class)> images,
        Action<int>? progress = null, CancellationToken cancel = default)
    {
        int[][] sets =
        [
            [],
            .. ranked.SelectMany(units => _sizes.Select(n => units.Take(n).Select(u => u.Channel).ToArray())),
            .. Enumerable.Range(0, _random).SelectMany(r => _sizes.Select(
                n => Draws.Sample(_channels, n, new Rng(_seed, RandomStream + (ulong)r)))),
        ];
        var hits = new Hits(_classes.Length, sets.Length);
        foreach ((NetworkInput input, int own) in images)
        {
            float[][] logits = Without(sets, input, cancel);
            for (int v = 0; v < logits.Length; v++)
            {
                hits.Add(own, v, Answer(logits[v]));
            }

            progress?.Invoke(hits.Images);
        }

        return [.. _classes.Select((id, c) => new AblationCurve(
            id,
            hits.Of(c),
            hits.Accuracy(c, 0),
            [.. _sizes.Select((n, i) => Step(c, n, i))]))];

        AblationStep Step(int c, int n, int i)
        {
            double[] random = [.. Enumerable.Range(0, _random)
                .Select(r => hits.Accuracy(c, 1 + ((_classes.Length + r) * _sizes.Length) + i)).Order()];
            return new AblationStep(
                n,
                hits.Accuracy(c, 1 + (c * _sizes.Length) + i),
                random.Length > 0 ? random.Average() : double.NaN,
                random.Length > 0 ? random[(int)(0.05 * random.Length)] : double.NaN,
                random.Length > 0 ? random[^(1 + (int)(0.05 * random.Length))] : double.NaN);
        }
    }

    /// <summary>The logits of an image without each of some sets of units.</summary>
    private float[][] Without(int[][] sets, NetworkInput input, CancellationToken cancel)
    {
        (Shape shape, float[] maps) = _run.Activations([input], cancel);
        int plane = (int)(shape.Count / shape[1]);
        return _tail.Outputs(
            [input],
            shape,
            maps,
            sets.Length,
            (variant, values) =>
            {
                foreach (int channel in sets[variant])
                {
                    values.Slice(channel * plane, plane).Clear();
                }
            },
            cancel);
    }

    /// <summary>The place of the top class in the list, −1 for a class that is not in it.</summary>
    private int Answer(float[] logits) => Array.IndexOf(_classes, Array.IndexOf(logits, logits.Max()));

    /// <summary>How often photos of each class are taken for each.</summary>
    private sealed class Hits(int classes, int variants)
    {
        private readonly int[] _photos = new int[classes];
        private readonly int[,] _right = new int[classes, variants];
        private readonly int[,] _wrong = new int[classes, variants]; // photos of others that are taken for the class

        internal int Images => _photos.Sum();

        internal int Of(int c) => _photos[c];

        internal void Add(int own, int variant, int answer)
        {
            _photos[own] += variant == 0 ? 1 : 0;
            if (answer == own)
            {
                _right[own, variant]++;
            }
            else if (answer >= 0)
            {
                _wrong[answer, variant]++;
            }
        }

        internal double Accuracy(int c, int variant)
        {
            int others = Images - _photos[c];
            double own = _photos[c] == 0 ? 0 : (double)_right[c, variant] / _photos[c];
            return (own + (others == 0 ? 1 : 1 - ((double)_wrong[c, variant] / others))) / 2;
        }
    }
}

/// <summary>What a class loses without a unit.</summary>
/// <param name="Channel">The unit.</param>
/// <param name="AccuracyDrop">Balanced accuracy with it less that without it.</param>
/// <param name="ProbabilityDrop">The mean fall of the class's probability on its own photos.</param>
public sealed record UnitImportance(int Channel, double AccuracyDrop, double ProbabilityDrop);

/// <summary>What is left of a class without several units.</summary>
/// <param name="Units">How many.</param>
/// <param name="Accuracy">Balanced accuracy without the most important ones.</param>
/// <param name="Random">The mean over sets of as many random ones.</param>
/// <param name="RandomLow">What 5 % of the random sets fall below.</param>
/// <param name="RandomHigh">What 5 % of the random sets exceed.</param>
public sealed record AblationStep(int Units, double Accuracy, double Random, double RandomLow, double RandomHigh);

/// <summary>What is left of a class as units are taken away.</summary>
/// <param name="Class">The class.</param>
/// <param name="Photos">Its photos on which it was measured.</param>
/// <param name="Intact">Balanced accuracy of the whole network.</param>
/// <param name="Steps">Fewer units first.</param>
public sealed record AblationCurve(int Class, int Photos, double Intact, ImmutableArray<AblationStep> Steps);
