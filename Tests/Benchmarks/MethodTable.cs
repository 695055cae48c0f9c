using System.Diagnostics;
using Interp.Benchmarks.TorchMethods;
using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>What each attribution method costs, beside what a user of captum or pytorch-grad-cam waits for on the same machine with
/// libtorch.</summary>
internal static class MethodTable
{
    /// <summary>Prints the table.</summary>
    /// <param name="rounds">Timed runs of the methods that take a pass or two.</param>
    /// <param name="only">The methods whose rows it has; none named: all.</param>
    public static void Print(int rounds, string[] only)
    {
        Network network = Networks.Vgg(16);
        NetworkInput photo = MethodSubject.Photo(network);
        using var backend = new CpuBackend();
        using TorchSubject subject = MethodSubject.InTorch(network, photo);
        set_num_threads(backend.Info.Threads);
        var table = new MarkdownTable("method", "passes", "seconds", "MiB", "a user of another library runs", "passes", "in batches of",
            "seconds", "MiB", "times as fast");
        foreach (MethodRow row in MethodRow.All.Where(r => only.Length == 0 || only.Contains(r.Method)))
        {
            Measured m;
            using (var explainer = new Explainer(network, backend))
            {
                m = row.IsLong ? Once(explainer, photo, subject, row) : InTurn(explainer, photo, subject, row, rounds);
            }

            string[] theirs = row.Twin is not { } twin ? ["–", "–", "–", "–"]
                : [twin.Name, twin.Passes, twin.Batch, $"{(row.Part > 1 ? "≈ " : "")}{Seconds(m.Theirs)}"];
            table.Add([row.Title, $"{m.Result.Work.Forward}/{m.Result.Work.Backward}", Seconds(m.Ours), MethodMemory.OfOurs(row),
                .. theirs, MethodMemory.OfTheirs(row), row.Twin is null ? "–" : $"{m.Theirs / m.Ours:0.0}"]);
        }

        Console.WriteLine($"### Attribution methods on VGG16, one image of 224×224, {backend.Info.Threads} threads\n");
        Console.WriteLine(
            "Passes of one image forward/backward, ours as the engine counts them: layers that run by themselves (behind Ablation-CAM's "
            + "layer; LRP and its");
        Console.WriteLine(
            "kin) are not in the count, but in the time. Memory is the peak of a process that does nothing else, weights (528 MiB) "
            + "included. The other");
        Console.WriteLine(
            "side runs the library's passes in its own batches through libtorch, without Python. ≈ where a share of its loop was timed.\n");
        table.Print();
    }

    private static string Seconds(double seconds) => seconds < 1 ? $"{seconds:0.000}" : seconds < 10 ? $"{seconds:0.00}" : $"{seconds:0.0}";

    /// <summary>Medians of a few rounds in turn.</summary>
    private static Measured InTurn(Explainer explainer, NetworkInput photo, TorchSubject subject, MethodRow row, int rounds)
    {
        AttributionResult? result = null;
        double[][] times = Contest.Run(
            rounds,
            () => result = MethodSubject.Explain(explainer, photo, row, brief: false),
            () => _ = row.Twin is null ? default : MethodSubject.Run(row.Twin, subject, 1));
        return new Measured(Contest.Median(times[0]) / 1000, Contest.Median(times[1]) / 1000, result!);
    }

    /// <summary>Ours once, sessions opened on the way; the other side before and after it, of which the faster counts.</summary>
    private static Measured Once(Explainer explainer, NetworkInput photo, TorchSubject subject, MethodRow row)
    {
        double before = Theirs();
        long start = Stopwatch.GetTimestamp();
        AttributionResult result = MethodSubject.Explain(explainer, photo, row, brief: false);
        double ours = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Measured(ours, Math.Min(before, Theirs()), result);

        double Theirs()
        {
            Contest.Settle();
            long from = Stopwatch.GetTimestamp();
            TimeSpan leftOut = row.Twin is null ? default : MethodSubject.Run(row.Twin, subject, row.Part);
            double seconds = (Stopwatch.GetElapsedTime(from) + leftOut).TotalSeconds;
            Contest.Settle();
            return seconds;
        }
    }

    private sealed record Measured(double Ours, double Theirs, AttributionResult Result);
}
