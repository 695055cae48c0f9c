using Interp.Engine.Common;

namespace Interp.Engine.Concepts;

/// <summary>The images that stand for each concept, and those that its negatives are drawn from; random concepts are drawn from the
/// latter, or from all concepts together.</summary>
/// <param name="Concepts">Each concept's images.</param>
/// <param name="Pool">Where random concepts and their negatives are drawn from.</param>
/// <param name="Relative">Whether a concept's negatives are the other concepts' images.</param>
internal sealed record ConceptSizes(int[][] Concepts, int[] Pool, bool Relative)
{
    /// <summary>What was cut, one line each.</summary>
    internal required List<string> Warnings { get; init; }

    /// <summary>The largest set.</summary>
    internal int Largest => Concepts.Max(c => c.Length);

    /// <summary>Where a concept's negatives are drawn from.</summary>
    internal int[] Others(int concept) => Relative ? [.. Concepts.Where((_, k) => k != concept).SelectMany(i => i)] : Pool;

    /// <summary>Cuts sets that are too large for what there is to compare them with.</summary>
    /// <param name="sets">The concepts.</param>
    /// <param name="images">The images of each that could be read.</param>
    /// <param name="random">Random images, or null where concepts are told apart from each other.</param>
    /// <param name="options">The seed.</param>
    /// <exception cref="InputException">Too few images.</exception>
    internal static ConceptSizes Of(IReadOnlyList<ImageSet> sets, int[][] images, int[]? random, ConceptTestOptions options)
    {
        var warnings = new List<string>();
        int all = images.Sum(i => i.Length);
        int[][] used = new int[images.Length][];
        for (int k = 0; k < used.Length; k++)
        {
            int have = images[k].Length, most = random is null ? Math.Min(all - have, all / 2) : random.Length / 2;
            int size = Math.Min(have, most);
            if (size < ConceptTest.FewestImages)
            {
                throw new InputException(have < ConceptTest.FewestImages
                    ? $"concept {sets[k].Name}: {(have == 1 ? "1 image" : $"{have} images")}, expected "
                        + $"at least {ConceptTest.FewestImages}, and better 50 or more"
                    : random is null
                    ? $"concept {sets[k].Name}: the other concepts have {all - have} images, expected at least as many as it has itself"
                    : $"random images: {random.Length}, expected at least twice as many as a concept has, better ten times");
            }

            used[k] = size == have ? images[k]
                : [.. ConceptStreams.Sample(options.Seed, ConceptStreams.Of("subset", sets[k].Name), have, size).Select(i => images[k][i])];
            if (size < have)
            {
                warnings.Add($"concept {sets[k].Name}: {size} of its {have} images are used, since there are only "
                    + (random is null ? $"{all - have} images of other concepts" : $"{random.Length} random images"));
            }

            if (size < ConceptTest.FewImages)
            {
                warnings.Add($"concept {sets[k].Name}: {size} images; with fewer than {ConceptTest.FewImages}, its direction is unsteady");
            }
        }

        return new ConceptSizes(used, random ?? [.. used.SelectMany(i => i)], random is null) { Warnings = warnings };
    }
}
