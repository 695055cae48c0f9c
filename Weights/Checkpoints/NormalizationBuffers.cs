using System.Collections.Immutable;
using Interp.Weights.Formats;

namespace Interp.Weights.Checkpoints;

/// <summary>
/// Mean and standard deviation that a file holds beside the network's weights, as models that normalise their input themselves do
/// (<c>normalize.mean</c> and <c>normalize.std</c>, <c>pixel_mean</c> and <c>pixel_std</c>, …): the preprocessing that the network was
/// trained with.
/// </summary>
internal static class NormalizationBuffers
{
    private static readonly (string Mean, string Deviation)[] Names =
        [("mean", "std"), ("_mean", "_std"), ("mu", "sigma"), ("pixel_mean", "pixel_std"), ("image_mean", "image_std")];

    /// <summary>Takes the two buffers out of the lists, if there are two that fit.</summary>
    internal static (ImmutableArray<float> Mean, ImmutableArray<float> Deviation)? Take(
        WeightSource file, Action<string> assume, params ReadOnlySpan<List<SourceTensor>> lists)
    {
        var all = new List<SourceTensor>();
        foreach (List<SourceTensor> list in lists)
        {
            all.AddRange(list.Where(t => t.Entry.Count is 1 or 3 && t.Entry.IsReal));
        }

        (SourceTensor Mean, SourceTensor Deviation)[] pairs =
            [.. Names.SelectMany(n => all.Where(t => NameParts.EndsWith(t.Name, n.Mean))
                .SelectMany(m => all.Where(d => d.Name == Sibling(m.Name, n.Mean, n.Deviation) && d.Entry.Count == m.Entry.Count).Select(d => (m, d))))];
        if (pairs is not [var (mean, deviation)] || Values(file, mean, deviation) is not var (means, deviations))
        {
            return null;
        }

        foreach (List<SourceTensor> list in lists)
        {
            list.RemoveAll(t => t == mean || t == deviation);
        }

        assume($"the preprocessing's mean {string.Join(' ', means)} and deviation {string.Join(' ', deviations)} are the file's "
            + $"'{Text.OneLine(mean.Name)}' and '{Text.OneLine(deviation.Name)}'");
        return (means, deviations);
    }

    /// <summary>For values in 0…1; those for 0…255, which are larger, are divided. Null if they are neither.</summary>
    private static (ImmutableArray<float> Means, ImmutableArray<float> Deviations)? Values(WeightSource file, SourceTensor mean,
        SourceTensor deviation)
    {
        double[] means = new double[(int)mean.Entry.Count], deviations = new double[means.Length];
        mean.Read(file, 0, means);
        deviation.Read(file, 0, deviations);
        double scale = means.Concat(deviations).Any(v => v > 1) ? 255 : 1;
        return means.All(m => m >= 0 && m <= scale) && deviations.All(d => d > 1e-5 * scale && d <= scale)
            ? ([.. means.Select(m => (float)(m / scale))], [.. deviations.Select(d => (float)(d / scale))])
            : null;
    }

    private static string Sibling(string name, string last, string other) => name[..^last.Length] + other;
}
