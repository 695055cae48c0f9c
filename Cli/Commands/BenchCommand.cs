using System.CommandLine;
using System.Diagnostics;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cli.Commands;

/// <summary><c>bench</c>: how long forward and backward passes take on this machine.</summary>
internal static class BenchCommand
{
    private const int WarmUpRuns = 3;

    private static readonly Option<int> s_batch = TypedOption.Whole("--batch", "Images in one run", 1, 1, 1024);
    private static readonly Option<PixelSize?> s_size = TypedOption.OptionalSize(
        "--size", "The images in pixels; 0: the model's own input [default: 0]", 0, 4096);
    private static readonly Option<int> s_runs = TypedOption.Whole("--runs", "Measured runs of each kind, after warm-up", 10, 1, 10_000);

    internal static Command Create(CliContext context) => new ProgramCommand(
        "bench", "Measure the time of a forward pass, and of forward plus backward to the input", context, Run)
    {
        "What to measure",
        s_runs,
        s_batch,
        s_size,
        SharedOptions.Seed,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.Engine,
        KernelBenchCommand.Create(context),
    }.WithExamples("--runs 20", "--model vgg16 --batch 4 --threads 1 --json");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        int batch = run.Get(s_batch);
        PixelSize size = run.Get(s_size) ?? default;
        RequireFit(network, batch, size);
        using IBackend backend = run.OpenBackend();
        using Session session = backend.Open(network, new SessionOptions { Batch = batch, Height = size.Height, Width = size.Width });
        float[] input = RandomInput(session.InputShape.Count, run.Get(SharedOptions.Seed));
        int runs = run.Get(s_runs);
        run.Note($"{2 * (WarmUpRuns + runs)} runs, of which {2 * WarmUpRuns} to warm up");
        Milliseconds forward = Measure(runs, () => session.Forward(input, run.Cancel));
        Target target = network.Classes > 0 ? new ClassTarget(0) : new UnitTarget(network.Output, 0);
        Seed seed = target.Seed(session);
        Milliseconds both = Measure(runs, () =>
        {
            session.Forward(input, run.Cancel);
            session.Backward(ReluRules.Vanilla, run.Cancel, seed);
        });
        long steady = ProcessMemory.Now(); // Before the peak, which may still grow in between.
        Show(run, new BenchResult(
            network.Name, batch, backend.Info.Threads, forward, both, ProcessMemory.Peak(), backend.Info.InstructionSet,
            steady, NativeBuffer.LiveBytes, session.Bytes, run.Get(SharedOptions.Convolution), run.Get(SharedOptions.Memory)));
        return ExitCodes.Done;
    }

    /// <summary>No progress is shown meanwhile: drawing it would take time from what is measured.</summary>
    private static Milliseconds Measure(int runs, Action action)
    {
        for (int i = 0; i < WarmUpRuns; i++)
        {
            action();
        }

        var times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return new Milliseconds((times[(runs - 1) / 2] + times[runs / 2]) / 2, times[0], times[^1]);
    }

    private static void Show(Invocation run, BenchResult result)
    {
        if (run.Json)
        {
            run.WriteJson(result, CliJson.Pretty.BenchResult);
            return;
        }

        var table = new TextTable("pass", "median ms#", "minimum ms#", "maximum ms#");
        table.Add("forward", $"{result.ForwardMs.Median:0.00}", $"{result.ForwardMs.Min:0.00}", $"{result.ForwardMs.Max:0.00}");
        Milliseconds both = result.ForwardBackwardMs;
        table.Add("forward and backward", $"{both.Median:0.00}", $"{both.Min:0.00}", $"{both.Max:0.00}");
        run.Write(table);
        run.WriteLine(
            $"{result.Model}, batch {result.Batch}, {result.Threads} threads, {result.InstructionSet}, conv {result.Convolution}, "
            + $"memory {result.Memory}");
        run.WriteLine(
            $"memory of the process at its peak {Readable.Size(result.PeakBytes)}, after the last run {Readable.Size(result.SteadyBytes)}; "
            + $"allocated by the engine {Readable.Size(result.EngineBytes)}, of which the session {Readable.Size(result.SessionBytes)}");
    }

    private static void RequireFit(Network network, int batch, PixelSize size)
    {
        if (size == default)
        {
            return;
        }

        try
        {
            network.Shapes(batch, size.Height, size.Width);
        }
        catch (ModelException e)
        {
            throw new InputException($"--size {size}: {e.Message}", e);
        }
    }

    private static float[] RandomInput(long count, ulong seed)
    {
        var rng = new Rng(seed);
        var input = new float[count];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = (float)rng.Gaussian((ulong)i);
        }

        return input;
    }
}
