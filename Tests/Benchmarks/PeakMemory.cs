using System.Diagnostics;
using Interp.Cli;

namespace Interp.Benchmarks;

/// <summary>
/// Peak physical memory of a process that does one thing: weights, activations, working memory, runtime. The process runs with glibc's own
/// settings of
/// malloc, which give memory back at once; libtorch would hold on to all that it ever used otherwise.
/// </summary>
internal static class PeakMemory
{
    /// <summary>The MiB that this program prints when it is started with the given arguments, a hidden command that calls <see
    /// cref="Measure"/>.</summary>
    public static string OfChild(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        start.Environment.Remove("GLIBC_TUNABLES");
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        return child.ExitCode == 0 ? output : "failed";
    }

    /// <summary>Runs what is measured, and prints the peak in MiB; what was needed to prepare it does not count.</summary>
    public static void Measure(Action run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers(); // Frees the weights that were copied.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
        run();
        Console.WriteLine(ProcessMemory.Peak() >> 20);
    }
}
