using System.Diagnostics;

namespace Interp.Benchmarks;

/// <summary>
/// Times contestants in turn (A B C A B C …), so that whatever else the machine does meets all of them alike. Before each timed run there
/// is a pause, in which threads of the one before that still spin for work (OpenMP's do for some milliseconds) go to sleep.
/// </summary>
internal static class Contest
{
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(20);

    /// <summary>How long each runs before it is timed, at most <see cref="MaxWarmUps"/> times: until then the runtime recompiles what it
    /// finds often used.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(500);

    private const int MaxWarmUps = 40;

    /// <summary>Whether the processor time of the whole program counts, instead of the time that passes: with one thread each, what others
    /// do on the same machine then changes little.</summary>
    public static bool CountsProcessorTime { get; set; }

    /// <summary>Milliseconds of each run: [contestant][round].</summary>
    /// <param name="rounds">Timed runs of each.</param>
    /// <param name="contestants">What is timed; each runs before, unmeasured.</param>
    public static double[][] Run(int rounds, params ReadOnlySpan<Action> contestants)
    {
        foreach (Action contestant in contestants)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i == 0 || (i < MaxWarmUps && Stopwatch.GetElapsedTime(start) < s_warmUp); i++)
            {
                contestant();
            }
        }

        var times = new double[contestants.Length][];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = new double[rounds];
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                Settle();
                times[i][round] = Time(contestants[i]);
            }
        }

        return times;
    }

    /// <summary>The pause before a timed run.</summary>
    public static void Settle() => Thread.Sleep(s_settle);

    /// <summary>Milliseconds of one run.</summary>
    public static double Time(Action action)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        return CountsProcessorTime ? (Environment.CpuUsage.TotalTime - used).TotalMilliseconds
            : Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The middle value.</summary>
    public static double Median(params IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>How our time compares with another's, libtorch's in the faster of its layouts.</summary>
/// <param name="Ours">Median, ms.</param>
/// <param name="Theirs">Median, ms.</param>
/// <param name="ChannelsLast">Whether theirs is the second of two layouts.</param>
/// <param name="Ratio">Median of theirs/ours within each round.</param>
/// <param name="Low">The smallest such ratio.</param>
/// <param name="High">The largest.</param>
internal sealed record Verdict(double Ours, double Theirs, bool ChannelsLast, double Ratio, double Low, double High)
{
    /// <summary>From the rounds of ours, then theirs: libtorch's contiguous and channels last, or those of a program with one layout.
    /// </summary>
    public static Verdict Of(double[][] times)
    {
        bool last = times.Length > 2 && Contest.Median(times[2]) < Contest.Median(times[1]);
        double[] theirs = times[last ? 2 : 1];
        double[] ratios = [.. theirs.Zip(times[0], (t, o) => t / o)];
        return new Verdict(Contest.Median(times[0]), Contest.Median(theirs), last, Contest.Median(ratios), ratios.Min(), ratios.Max());
    }
}
