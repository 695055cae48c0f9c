using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Engine.Concepts;

/// <summary>A class and photos of it.</summary>
/// <param name="Class">The class.</param>
/// <param name="Photos">The photos.</param>
public sealed record ClassPhotos(int Class, ImageSet Photos);

/// <summary>How far a test has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">How much of it.</param>
/// <param name="Total">Of how much.</param>
public sealed record ConceptProgress(string Stage, long Done, long Total);

/// <summary>
/// TCAV (B. Kim and others, ICML 2018): does a class's score rise when a layer's output moves towards a concept? A concept's direction v is
/// the unit normal of the boundary between its images and others, S(x) = ⟨∇z_c, v⟩ the sensitivity on a photo x of the class, and the
/// score the share of photos with S &gt; 0, mean over directions that differ in negatives and in what is held out. What chance gives,
/// random concepts say: as many images, drawn from the random ones and put through the same. A concept, not a direction, is what is
/// repeated, since all directions of a concept share its images.
/// </summary>
/// <remarks>
/// Everything is exact and deterministic: the same bits at any number of threads and in any batch. All draws come from the seed and the
/// concept's name, so that another concept changes none of the numbers but the corrected p; not so where concepts are told apart from each
/// other. The features of all images and gradients are held at once, 4 bytes each.
/// </remarks>
public static class ConceptTest
{
    /// <summary>The fewest images of a concept.</summary>
    public const int FewestImages = 4;

    /// <summary>Fewer images of a concept or class than this are warned of.</summary>
    public const int FewImages = 20;

    /// <summary>A corrected p below this is called significant.</summary>
    public const double Level = 0.05;

    /// <summary>Tests concepts at a layer.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer whose output is moved.</param>
    /// <param name="classes">The classes, each with photos of it; no class twice.</param>
    /// <param name="concepts">Images of each concept; no two of one name.</param>
    /// <param name="random">Images of anything else, from which negatives and random concepts are drawn: at least twice as many as a
    /// concept has. Null where <see cref="ConceptTestOptions.Relative"/> takes those of the other concepts.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it has come, or null.</param>
    /// <param name="skipped">Told of images that cannot be read, which are left out; null to end with the first.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="InputException">The layer has only linear layers behind it, sets are too small, or an image cannot be
    /// used.</exception>
    public static ConceptTestResult Run(
        Explainer explainer, Node layer, IReadOnlyList<ClassPhotos> classes, IReadOnlyList<ImageSet> concepts, ImageSet? random,
        ConceptTestOptions? options = null, Action<ConceptProgress>? progress = null, Action<string, InputException>? skipped = null,
        CancellationToken cancel = default)
    {
        options ??= new ConceptTestOptions();
        options.Check();
        Check(classes, concepts, random, options);
        Network network = explainer.Network;
        LayerDegeneracy.CheckGraph(network, layer, options.Probability);
        skipped ??= (_, e) => throw new InputException(e.Message, e);

        var features = new LayerFeatures(explainer, layer, options, skipped);
        ImageSet[] sets = [.. concepts.Select(c => c.AtMost(options.SetSize, options.Seed)), .. options.Relative ? [] : new[] { random! }];
        CheckMemory(features, layer, sets.Sum(s => s.Images.Length) + classes.Sum(c => c.Photos.Images.Length), options);
        var gradients = new List<ClassGradients>();
        foreach ((int c, ImageSet photos) in classes)
        {
            ClassGradients found = ClassGradients.Of(
                explainer, layer, c, photos, features, options, skipped, Report(
                    $"photos of {Short(network.Labels[c])}", photos.Images.Length),
                cancel);
            if (found.Rows.Count == 0)
            {
                throw new InputException($"photos of {network.Labels[c]}: none of its {photos.Images.Length} photos can be read");
            }

            LayerDegeneracy.CheckGradients(network, layer, found.Rows);
            gradients.Add(found);
        }

        var rows = new List<float[]>();
        var places = new List<int[]>();
        foreach (ImageSet set in sets)
        {
            List<float[]> read = features.Of(set, Report($"images of {set.Name}", set.Images.Length), cancel);
            places.Add([.. Enumerable.Range(rows.Count, read.Count)]);
            rows.AddRange(read);
        }

        int[][] images = [.. places.Take(concepts.Count)];
        ConceptSizes sizes = ConceptSizes.Of(concepts, images, options.Relative ? null : places[^1], options);
        ImageProducts products = ImageProducts.Of(
            rows, [.. gradients.Select(g => g.Rows)], options.Parallel(cancel), Report("products", rows[0].Length));
        var trial = new ConceptTrial(products, rows[0].Length, sizes, options, cancel);
        return trial.Run(layer, features.Shape, network.Labels, concepts, rows, gradients, progress);

        Action<int> Report(string stage, int total) => done => progress?.Invoke(new ConceptProgress(stage, done, total));
    }

    /// <summary>The first of a label's names.</summary>
    internal static string Short(string label) => label.Split(',')[0];

    private static void Check(
        IReadOnlyList<ClassPhotos> classes, IReadOnlyList<ImageSet> concepts, ImageSet? random, ConceptTestOptions options)
    {
        if (classes.Count == 0 || concepts.Count == 0 || classes.DistinctBy(c => c.Class).Count() < classes.Count
            || concepts.DistinctBy(c => c.Name, StringComparer.Ordinal).Count() < concepts.Count)
        {
            throw new ArgumentException("at least one class and one concept are needed, and none twice");
        }

        if (options.Relative && concepts.Count < 2)
        {
            throw new InputException($"concept {concepts[0].Name}: there is no other concept to tell it from; give a second one, or random "
                + "images");
        }

        if (!options.Relative && random is null)
        {
            throw new ArgumentException("random images are needed, or option 'relative'", nameof(random));
        }
    }

    private static void CheckMemory(LayerFeatures features, Node layer, int images, ConceptTestOptions options)
    {
        long bytes = 4L * options.Pool.Features(features.Shape) * images;
        if (bytes > options.MemoryLimit)
        {
            throw new InputException($"layer {layer.Name}: the features of {images} images take {bytes >> 20} MiB, and "
                + $"{options.MemoryLimit >> 20} MiB are allowed; allow more, take fewer images, or option 'pool' mean");
        }
    }
}
