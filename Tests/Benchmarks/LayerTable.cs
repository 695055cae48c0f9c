using System.Diagnostics;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// Each layer within a run of the whole network, so that its data come from where they lie then. A layer is a convolution or linear layer with the ReLU
/// and pool behind it. Layers of the same shape are averaged.
/// </summary>
internal static class LayerTable
{
    /// <summary>Prints the table.</summary>
    public static void Print(Network network, int threads, int rounds, Ceilings ceilings)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads, InstructionSet = Machine.InstructionSet });
        using var session = (CpuSession)backend.Open(network, new SessionOptions());
        using var torchNetwork = new TorchNetwork(network, channelsLast: false);
        set_num_threads(threads);
        float[] input = Networks.Values(session.InputShape.Count, 1);
        float[] gradient = Networks.Values(session.ShapeOf(network.Output).Count, 2);
        session.Forward(input);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, gradient));
        using Tensor torchInput = torchNetwork.Copy(input, session.InputShape);
        using Tensor torchSeed = torchNetwork.Copy(gradient, session.ShapeOf(network.Output));

        Node[][] layers = Group(network);
        var runs = new List<(double[] Forward, double[] Backward)[]>();
        for (int round = -1; round < rounds; round++)
        {
            Thread.Sleep(20);
            (double[], double[]) ours = TimeOurs(session, layers);
            Thread.Sleep(20);
            (double[], double[]) theirs = TimeTorch(torchNetwork, torchInput, torchSeed, layers);
            if (round >= 0)
            {
                runs.Add([ours, theirs]);
            }
        }

        var table = new MarkdownTable("layer", "times", "ours fwd ms", "libtorch fwd ms", "ratio", "ours bwd ms", "libtorch bwd ms", "ratio",
            "ours fwd", "ours bwd", "libtorch fwd", "libtorch bwd", "ours fwd of ceiling", "ours bwd of ceiling");
        foreach (IGrouping<string, int> same in Enumerable.Range(0, layers.Length).GroupBy(i => Title(session, layers[i])))
        {
            double[] ms = [.. from pass in (int[])[0, 1] from who in (int[])[0, 1] select same.Average(i =>
                Contest.Median(runs.Select(r => pass == 0 ? r[who].Forward[i] : r[who].Backward[i])))];
            Node main = layers[same.First()][0];
            double work = Work(session, main) * 1e-6;
            double limit = main.Layer is Conv2d ? ceilings.Gflops : 2 * ceilings.Gigabytes / main.Weights[0].DType.Size();
            table.Add(same.Key, $"{same.Count()}", $"{ms[0]:0.00}", $"{ms[1]:0.00}", $"{ms[1] / ms[0]:0.00}", $"{ms[2]:0.00}", $"{ms[3]:0.00}",
                $"{ms[3] / ms[2]:0.00}", $"{work / ms[0]:0}", $"{work / ms[2]:0}", $"{work / ms[1]:0}", $"{work / ms[3]:0}",
                $"{work / ms[0] / limit:0%}", $"{work / ms[2] / limit:0%}");
        }

        double[] sums = [.. from pass in (int[])[0, 1] from who in (int[])[0, 1] select Enumerable.Range(0, layers.Length).Sum(i =>
            Contest.Median(runs.Select(r => pass == 0 ? r[who].Forward[i] : r[who].Backward[i])))];
        table.Add("sum", $"{layers.Length}", $"{sums[0]:0.0}", $"{sums[1]:0.0}", $"{sums[1] / sums[0]:0.00}", $"{sums[2]:0.0}", $"{sums[3]:0.0}",
            $"{sums[3] / sums[2]:0.00}", "", "", "", "", "", "");
        Console.WriteLine($"{network.Name}, batch 1, {threads} threads; GFLOP/s counts the multiply-adds of the direct algorithm; "
            + "the ceiling is FMA for convolutions (Winograd's fewer operations can pass it) and DRAM for linear layers");
        table.Print();
    }

    private static (double[] Forward, double[] Backward) TimeOurs(CpuSession session, Node[][] layers)
    {
        int[] layerOf = new int[session.Network.Nodes.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            Array.ForEach(layers[i], n => layerOf[n.Id] = i);
        }

        double[] forward = new double[layers.Length], backward = new double[layers.Length];
        foreach (CpuStep step in session.Steps)
        {
            forward[layerOf[step.Node.Id]] += Time(() => step.Kernel.Forward(step.Run));
        }

        foreach (CpuStep step in session.Steps.Reverse())
        {
            backward[layerOf[step.Node.Id]] += Time(() =>
            {
                if (step.Kernel.GatedShape is not null && step.GateAppliedBy is null)
                {
                    step.Kernel.ApplyGate(step.Run, ReluRules.Vanilla);
                }

                step.Kernel.Backward(step.Run, ReluRules.Vanilla);
            });
        }

        return (forward, backward);
    }

    private static (double[] Forward, double[] Backward) TimeTorch(TorchNetwork network, Tensor input, Tensor seed, Node[][] layers)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] forward = new double[layers.Length], backward = new double[layers.Length];
        var inputs = new Tensor[layers.Length];
        var outputs = new Tensor[layers.Length];
        Tensor x = input;
        for (int i = 0; i < layers.Length; i++)
        {
            inputs[i] = x.detach().requires_grad_(true);
            forward[i] = Time(() => outputs[i] = network.Forward(inputs[i], layers[i]));
            x = outputs[i];
        }

        Tensor gradient = seed;
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            backward[i] = Time(() => outputs[i].backward([gradient]));
            gradient = inputs[i].grad!;
        }

        return (forward, backward);
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Node[][] Group(Network network)
    {
        var layers = new List<List<Node>>();
        foreach (Node node in network.Nodes.AsSpan()[1..])
        {
            if (node.Layer is Conv2d or Linear)
            {
                layers.Add([]);
            }

            layers[^1].Add(node);
        }

        return [.. layers.Select(l => l.ToArray())];
    }

    private static double Work(Session session, Node node)
    {
        Shape y = session.ShapeOf(node), w = node.Weights[0].Shape;
        return 2.0 * y.Count * w.Count / w[0];
    }

    private static string Title(Session session, Node[] layer)
    {
        Shape y = session.ShapeOf(layer[0]);
        string pool = layer.Any(n => n.Layer is MaxPool2d) ? " + pool" : "";
        return layer[0].Layer switch
        {
            Conv2d c => $"{c.InChannels}→{c.OutChannels} at {y[2]}²{pool}",
            Linear l => $"{l.InFeatures}→{l.OutFeatures}",
            var other => other.Kind,
        };
    }
}
