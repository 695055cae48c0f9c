namespace Interp.Engine.Concepts;

/// <summary>What one set of images gives when it is put through everything: several directions, and each class's sensitivities to
/// them.</summary>
/// <param name="Directions">One a run.</param>
/// <param name="Counts">Of each class and run, the photos with a sensitivity above 0.</param>
/// <param name="Means">Of each class and run, the mean sensitivity.</param>
internal sealed record SetOutcome(ConceptDirection[] Directions, int[][] Counts, double[][] Means)
{
    /// <summary>Puts a set through.</summary>
    /// <param name="products">All images and classes.</param>
    /// <param name="features">How many features an image has.</param>
    /// <param name="concept">The set's images.</param>
    /// <param name="others">Where its negatives are drawn from, as many as there are images in the set.</param>
    /// <param name="stream">The number of a run's random sequence.</param>
    /// <param name="options">Runs and kind of direction.</param>
    internal static SetOutcome Of(
        ImageProducts products, int features, int[] concept, int[] others, Func<int, ulong> stream, ConceptTestOptions options)
    {
        var directions = new ConceptDirection[options.Runs];
        for (int r = 0; r < directions.Length; r++)
        {
            ulong own = stream(r);
            int[] negatives = [.. ConceptStreams.Sample(options.Seed, own, others.Length, concept.Length).Select(i => others[i])];
            directions[r] = ConceptDirection.Fit(products, features, concept, negatives, own, options);
        }

        int[][] counts = [.. products.Slopes.Select(_ => new int[directions.Length])];
        double[][] means = [.. products.Slopes.Select(_ => new double[directions.Length])];
        for (int c = 0; c < counts.Length; c++)
        {
            for (int r = 0; r < directions.Length; r++)
            {
                double[] s = directions[r].Sensitivities(products.Slopes[c], products.Count);
                counts[c][r] = s.Count(v => v > 0);
                means[c][r] = s.Sum() / s.Length;
            }
        }

        return new SetOutcome(directions, counts, means);
    }

    /// <summary>Photos above 0 over all runs: the score times runs and photos, a whole number, so that ties are ties.</summary>
    internal int Count(int c) => Counts[c].Sum();

    /// <summary>The mean sensitivity over runs and photos.</summary>
    internal double Mean(int c) => Means[c].Sum() / Means[c].Length;

    /// <summary>The scores of the runs: shares of the photos.</summary>
    internal double[] Scores(int c, int photos) => Array.ConvertAll(Counts[c], n => (double)n / photos);

    /// <summary>Mean cosine over pairs of directions.</summary>
    internal double Cosine(ImageProducts products)
    {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < Directions.Length; i++)
        {
            for (int j = 0; j < i; j++, pairs++)
            {
                sum += Directions[i].Cosine(Directions[j], products);
            }
        }

        return sum / pairs;
    }

    /// <summary>The same without the directions, which many random concepts would not have room for.</summary>
    internal SetOutcome Light() => this with { Directions = [] };
}
