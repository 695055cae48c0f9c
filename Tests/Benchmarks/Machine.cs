using System.Diagnostics;
using System.Globalization;
using Interp.Engine.Cpu;

namespace Interp.Benchmarks;

/// <summary>What is measured on, and how much of it others took meanwhile.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100; // USER_HZ, in which /proc/stat counts on every Linux platform of .NET.

    /// <summary>The numbers of threads that are measured: one, and one for each core.</summary>
    public static int[] Threads { get; } = Environment.ProcessorCount == 1 ? [1] : [1, Environment.ProcessorCount];

    /// <summary>One line about the processor.</summary>
    public static string Description
    {
        get
        {
            string? model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            return $"{model?.Split(':')[^1].Trim() ?? "unknown processor"}, {Environment.ProcessorCount} cores, {InstructionSets.Best}, "
                + $".NET {Environment.Version}";
        }
    }

    /// <summary>Runs an action and says what share of the cores other processes and machines took during it: above some percent, measure
    /// again.</summary>
    public static void Watched(Action action)
    {
        double busy = BusySeconds(), own = OwnSeconds();
        long start = Stopwatch.GetTimestamp();
        action();
        double others = BusySeconds() - busy - (OwnSeconds() - own);
        double share = Math.Max(0, others / Stopwatch.GetElapsedTime(start).TotalSeconds / Environment.ProcessorCount);
        Console.WriteLine($"Other programs took {share:0%} of the processor meanwhile.\n");
    }

    /// <summary>Processor time that everything but idling took, stolen time included.</summary>
    private static double BusySeconds()
    {
        long[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(Ticks)]; // user, nice, system, idle, iowait, irq, softirq, steal
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }

    /// <summary>Processor time of this program and of those that it started and that have ended.</summary>
    private static double OwnSeconds() =>
        File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[11..15]
        .Sum(Ticks) / TicksPerSecond;

    private static long Ticks(string number) => long.Parse(number, CultureInfo.InvariantCulture);
}
