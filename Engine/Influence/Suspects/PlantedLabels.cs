using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Statistics;
using Interp.Engine.Training;

namespace Interp.Engine.Influence.Suspects;

/// <summary>A copy of training images in which some labels are wrong on purpose.</summary>
/// <param name="Data">The copy.</param>
/// <param name="Wrong">Whether the label of an image was changed.</param>
public sealed record PlantedLabels(LabelledFeatures Data, ImmutableArray<bool> Wrong)
{
    /// <summary>Changes the labels of a random share of the images, each to another class drawn uniformly.</summary>
    /// <param name="data">The images.</param>
    /// <param name="share">The share, rounded to whole images.</param>
    /// <param name="seed">Which images and which classes.</param>
    /// <exception cref="InputException">Fewer than two images are changed or left.</exception>
    public static PlantedLabels Of(LabelledFeatures data, double share, ulong seed)
    {
        int count = (int)Math.Round(share * data.Count);
        if (count < 2 || count > data.Count - 2)
        {
            throw new InputException($"{count} of {data.Count} labels are to be changed, expected 2 to {data.Count - 2}");
        }

        int[] chosen = Draws.Sample(data.Count, count, new Rng(seed, InfluenceStreams.Flips));
        var classes = new Rng(seed, InfluenceStreams.Flips + 1);
        int[] labels = data.Labels.ToArray();
        var wrong = new bool[data.Count];
        foreach (int i in chosen)
        {
            // One of the other classes: those from the label on are one further.
            int other = (int)(classes.Uniform((ulong)i) * (data.Classes - 1));
            labels[i] = other < labels[i] ? other : other + 1;
            wrong[i] = true;
        }

        return new PlantedLabels(data.With(labels), [.. wrong]);
    }
}
