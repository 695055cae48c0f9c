using System.Globalization;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>How many samples were drawn, and how far they agree.</summary>
/// <param name="Count">Number of samples.</param>
/// <param name="SplitHalf">Pearson's correlation between the maps of the even and of the odd samples: how far the map stands still as
/// samples are added. 0 where one of them is constant, NaN where there is but one sample.</param>
/// <param name="StopAt">The correlation at which sampling was to end; 0 for never.</param>
/// <param name="IsEarly">Whether it did.</param>
internal readonly record struct Sampled(int Count, double SplitHalf, double StopAt, bool IsEarly)
{
    /// <summary>What the manifest says.</summary>
    internal IEnumerable<Fact> Facts
    {
        get
        {
            if (!double.IsNaN(SplitHalf))
            {
                yield return new Fact("split_half_correlation", SplitHalf);
            }

            if (StopAt > 0)
            {
                yield return new Fact("stopped_early", IsEarly);
            }
        }
    }

    /// <summary>That the halves never agreed as asked, or nothing.</summary>
    internal IEnumerable<string> Remarks => StopAt <= 0 || IsEarly ? [] :
    [
        string.Create(CultureInfo.InvariantCulture, $"option 'stop-at' {StopAt} was not reached twice in turn: ")
            + string.Create(CultureInfo.InvariantCulture, $"the halves of all samples correlate by {SplitHalf:0.###}; ")
            + "raise option 'samples'",
    ];
}

/// <summary>
/// Samples are drawn until there are as many as asked for or, with <c>--stop-at</c>, until the maps of their even and odd halves have
/// correlated as much as asked for at two checks in turn; one alone may be luck. The first check comes after about 64 passes, each other
/// after a quarter more. When they come depends on the numbers asked for alone, so the same samples are drawn at any batch.
/// </summary>
internal static class Sampling
{
    private const int FirstPasses = 64;

    /// <summary>Draws.</summary>
    /// <param name="request">With the option <see cref="PerturbationOptions.StopAt"/>.</param>
    /// <param name="samples">The most samples to draw: what is drawn together, such as a pair, counts once.</param>
    /// <param name="passes">Passes of one.</param>
    /// <param name="run">Runs samples: a request with the progress of this part, the first one's index, and how many.</param>
    /// <param name="map">The map that some of the samples run give, or values that go with it.</param>
    internal static Sampled Run(
        AttributionRequest request, int samples, int passes, Action<AttributionRequest, int, int> run, Func<int[], double[]> map)
    {
        double stopAt = request.Options.Get(PerturbationOptions.StopAt);
        int done = 0;
        bool agreed, twice = false;
        double agreement;
        do
        {
            (int from, agreed) = (done, twice);
            done = stopAt > 0 ? Math.Min(samples, Next(done, passes)) : samples;
            (double start, double share) = samples == 0 ? (0, 1) : (from / (double)samples, (done - from) / (double)samples);
            run(request with { Progress = p => request.Progress?.Invoke(start + (p * share)) }, from, done - from);
            agreement = SplitHalf(done, map);
            twice = agreement >= stopAt;
        }
        while (done < samples && !(agreed && twice));
        return new Sampled(done, agreement, stopAt, stopAt > 0 && agreed && twice);
    }

    private static int Next(int done, int passes) =>
        done == 0 ? Math.Max(4, (FirstPasses + passes - 1) / passes) : done + Math.Max(1, done / 4);

    private static double SplitHalf(int count, Func<int[], double[]> map)
    {
        if (count < 2)
        {
            return double.NaN;
        }

        double[] even = map([.. Enumerable.Range(0, (count + 1) / 2).Select(i => 2 * i)]);
        double found = Correlation.Pearson(even, map([.. Enumerable.Range(0, count / 2).Select(i => (2 * i) + 1)]));
        return double.IsNaN(found) ? 0 : found;
    }
}
