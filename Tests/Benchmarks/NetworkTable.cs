using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>Whole networks: the forward pass, and forward plus backward to the input.</summary>
internal static class NetworkTable
{
    /// <summary>Prints the table.</summary>
    /// <param name="networks">The networks, made when their turn comes.</param>
    /// <param name="threads">Numbers of threads.</param>
    /// <param name="batches">Batch sizes.</param>
    /// <param name="rounds">Timed runs for a batch size.</param>
    /// <param name="ceilings">What the machine can do with each of the numbers of threads.</param>
    public static void Print(IEnumerable<Network> networks, int[] threads, int[] batches, Func<int, int> rounds, Ceilings[] ceilings)
    {
        var table = new MarkdownTable("network", "threads", "batch", "pass", "ms", "libtorch ms", "its layout", "times as fast", "spread",
            "ONNX Runtime ms", "times as fast", "GFLOP/s", "of the ceiling", "ms an image");
        foreach (Network network in networks)
        {
            AddRows(table, network, threads, batches, rounds, ceilings);
        }

        Console.WriteLine("### Whole networks: medians; backward goes to the input\n");
        table.Print();
    }

    private static void AddRows(
        MarkdownTable table, Network network, int[] threads, int[] batches, Func<int, int> rounds, Ceilings[] ceilings)
    {
        using var contiguous = new TorchNetwork(network, channelsLast: false);
        using var channelsLast = new TorchNetwork(network, channelsLast: true);
        foreach (int count in threads)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = count });
            double ceiling = ceilings.Single(c => c.Threads == count).Gflops;
            set_num_threads(count);
            foreach (int batch in batches)
            {
                Measure(network, backend, [contiguous, channelsLast], batch, rounds(batch), (pass, v, onnx, work) =>
                    table.Add(network.Name, $"{count}", $"{batch}", pass,
                    $"{v.Ours:0.0}", $"{v.Theirs:0.0}", v.ChannelsLast ? "channels last" : "contiguous", $"{v.Ratio:0.00}",
                    $"{v.Low:0.00}–{v.High:0.00}", onnx is null ? "–" : $"{onnx.Theirs:0.0}", onnx is null ? "–" : $"{onnx.Ratio:0.00}",
                    $"{work / v.Ours:0}", $"{work / v.Ours / ceiling:0%}", $"{v.Ours / batch:0.0}"));
            }
        }
    }

    private static void Measure(
        Network network, CpuBackend backend, TorchNetwork[] torchNetworks, int batch, int rounds,
        Action<string, Verdict, Verdict?, double> report)
    {
        using Session session = backend.Open(network, new SessionOptions { Batch = batch });
        float[] input = Networks.Values(session.InputShape.Count, 1);
        float[] gradient = Networks.Values(session.ShapeOf(network.Output).Count, 2);
        var seed = new Seed(network.Output, gradient);
        using DisposeScope scope = NewDisposeScope();
        Tensor[] inputs = [.. torchNetworks.Select(t => t.Copy(input, session.InputShape))];
        Tensor torchSeed = torchNetworks[0].Copy(gradient, session.ShapeOf(network.Output));
        double work = Work.Megaflops(session);
        using var onnx = new OnnxNetwork(network, session, input, backend.Info.Threads);
        session.Forward(input);
        onnx.Check(network, session.Activation(network.Output));
        double[][] forward = Contest.Run(rounds, () => session.Forward(input), () => torchNetworks[0].RunForward(inputs[0]),
            () => torchNetworks[1].RunForward(inputs[1]), onnx.Run);
        report("forward", Verdict.Of(forward), Verdict.Of([forward[0], forward[3]]), work);
        report("forward + backward", Verdict.Of(Contest.Run(
            rounds,
            () =>
            {
                session.Forward(input);
                session.Backward(ReluRules.Vanilla, default, seed);
            },
            () => torchNetworks[0].RunBoth(inputs[0], torchSeed),
            () => torchNetworks[1].RunBoth(inputs[1], torchSeed))), null, 2 * work);
    }
}
