using System.Diagnostics;
using Interp.Benchmarks.TorchMethods;
using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// What each attribution method costs in forward passes of libtorch, which run in turn with it: seconds differ from machine to machine,
/// this unit less. Beside it what other libraries cost in the same unit, where they were measured with their own Python.
/// </summary>
internal static class CostTable
{
    private const int Passes = 5;

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
        var table = new MarkdownTable("method", "passes", "seconds", "forward passes of libtorch", "another library");
        foreach (MethodRow row in MethodRow.All.DistinctBy(r => r.Title).Where(r => only.Length == 0 || only.Contains(r.Method)))
        {
            using var explainer = new Explainer(network, backend);
            AttributionResult? result = null;
            (double seconds, double unit) = row.IsLong ? Once(Ours, Forward) : InTurn(Ours, Forward, rounds);
            table.Add(row.Title, $"{result!.Work.Forward}/{result.Work.Backward}", $"{seconds:0.000}", $"{seconds / unit:0.0}", row.Peer);

            void Ours() => result = MethodSubject.Explain(explainer, photo, row, brief: false);
        }

        Console.WriteLine(
            $"### Attribution methods in forward passes of libtorch, VGG16, one image of 224×224, {backend.Info.Threads} threads\n");
        Console.WriteLine(
            "The unit is one forward pass of libtorch at batch 1, timed in turn with the method. What other libraries cost was "
            + "measured with "
            + "their own");
        Console.WriteLine("Python on another machine, in forward passes of its PyTorch: facts beside the table, not part of this run.\n");
        table.Print();

        void Forward()
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable without = no_grad();
            _ = subject.Network.Forward(subject.Image);
        }
    }

    private static (double Seconds, double Unit) InTurn(Action ours, Action forward, int rounds)
    {
        double[][] times = Contest.Run(rounds, ours, forward);
        return (Contest.Median(times[0]) / 1000, Contest.Median(times[1]) / 1000);
    }

    /// <summary>Ours once, the unit before and after it.</summary>
    private static (double Seconds, double Unit) Once(Action ours, Action forward)
    {
        double[] before = Contest.Run(Passes, forward)[0];
        long start = Stopwatch.GetTimestamp();
        ours();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (seconds, Contest.Median([.. before, .. Contest.Run(Passes, forward)[0]]) / 1000);
    }
}
