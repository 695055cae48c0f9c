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

/// <summary>Both passes of one layer: a convolution or linear layer with the ReLU and pool behind it.</summary>
/// <param name="Node">The convolution or linear layer.</param>
/// <param name="Output">Shape of its output.</param>
/// <param name="Pooled">Whether there is a pool.</param>
/// <param name="Forward">The forward pass.</param>
/// <param name="Backward">The gradient at the input.</param>
internal sealed record LayerTime(Node Node, Shape Output, bool Pooled, Verdict Forward, Verdict Backward)
{
    /// <summary>10⁶ operations of the direct algorithm, in either direction (a multiply-add is two).</summary>
    public double Megaflops => Work.Megaflops(Node, Output);
}

/// <summary>
/// Times each layer within a run of the whole network, so that its data come from where they lie then. In libtorch each layer is a graph of
/// its own, whose
/// output feeds the next. All threads are awake before, as they are within a network: to wake one takes longer than many a layer.
/// </summary>
internal static class LayerTimes
{
    /// <summary>Times every layer of a chain.</summary>
    public static LayerTime[] Measure(Network network, CpuBackend backend, int batch, int rounds)
    {
        using var session = (CpuSession)backend.Open(network, new SessionOptions { Batch = batch });
        float[] input = Networks.Values(session.InputShape.Count, 1);
        float[] gradient = Networks.Values(session.ShapeOf(network.Output).Count, 2);
        session.Forward(input);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, gradient));

        Node[][] layers = Split(network);
        using DisposeScope scope = NewDisposeScope();
        using TorchNetwork contiguous = new(network, channelsLast: false), channelsLast = new(network, channelsLast: true);
        Func<double[,]>[] contestants = [() => TimeOurs(session, backend, layers), OfTorch(contiguous), OfTorch(channelsLast)];
        var times = new double[contestants.Length][][,];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = new double[rounds][,];
        }

        for (int round = -3; round < rounds; round++) // The engine keeps its filters from the third pass on.
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                Contest.Settle();
                double[,] run = contestants[i]();
                if (round >= 0)
                {
                    times[i][round] = run;
                }
            }
        }

        return [.. layers.Select((nodes, l) => (Main: nodes.FirstOrDefault(n => n.Weights.Length > 0), nodes, l)).Where(
            x => x.Main is not null).Select(x =>
            new LayerTime(x.Main!, session.ShapeOf(x.Main!), x.nodes.Any(n => n.Layer is MaxPool2d), Of(x.l, pass: 0), Of(x.l, pass: 1)))];

        Func<double[,]> OfTorch(TorchNetwork t)
        {
            Tensor x = t.Copy(input, session.InputShape);
            Tensor seed = t.Copy(gradient, session.ShapeOf(network.Output));
            return () => TimeTorch(t, x, seed, layers);
        }

        Verdict Of(int layer, int pass) => Verdict.Of([.. times.Select(t => t.Select(run => run[layer, pass]).ToArray())]);
    }

    /// <summary>Milliseconds by layer and pass.</summary>
    private static double[,] TimeOurs(CpuSession session, CpuBackend backend, Node[][] layers)
    {
        int awake = 0;
        while (awake < backend.Pool.Threads)
        {
            using var all = new CountdownEvent(backend.Pool.Threads);
            backend.Pool.Run(backend.Pool.Threads, (_, _) =>
            {
                all.Signal();
                awake = all.Wait(TimeSpan.FromMilliseconds(5)) ? backend.Pool.Threads : 0;
            });
        }

        var times = new double[layers.Length, 2];
        foreach (CpuStep step in session.Steps)
        {
            times[LayerOf(step), 0] += Time(() => step.Kernel.Forward(step.Run));
        }

        foreach (CpuStep step in session.Steps.Reverse())
        {
            times[LayerOf(step), 1] += Time(() =>
            {
                if (step.Kernel.GatedShape is not null && step.GateAppliedBy is null)
                {
                    step.Kernel.ApplyGate(step.Run, ReluRules.Vanilla);
                }

                step.Kernel.Backward(step.Run, ReluRules.Vanilla);
            });
        }

        return times;

        int LayerOf(CpuStep step) => Array.FindIndex(layers, l => l.Contains(step.Node));
    }

    private static double[,] TimeTorch(TorchNetwork network, Tensor input, Tensor seed, Node[][] layers)
    {
        using DisposeScope scope = NewDisposeScope();
        zeros(1 << 20).add_(1); // Shared out evenly, so that it takes until every thread has done its part.
        var times = new double[layers.Length, 2];
        var inputs = new Tensor[layers.Length];
        var outputs = new Tensor[layers.Length];
        Tensor x = input;
        for (int i = 0; i < layers.Length; i++)
        {
            inputs[i] = x.detach().requires_grad_(true);
            times[i, 0] = Time(() => outputs[i] = network.Forward(inputs[i], layers[i]));
            x = outputs[i];
        }

        Tensor gradient = seed;
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            times[i, 1] = Time(() => outputs[i].backward([gradient]));
            gradient = inputs[i].grad!;
        }

        return times;
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Cuts the chain before each convolution, each linear layer and the flattening.</summary>
    private static Node[][] Split(Network network)
    {
        var layers = new List<List<Node>>();
        foreach (Node node in network.Nodes.AsSpan()[1..])
        {
            if (node.Layer is Conv2d or Linear or Flatten)
            {
                layers.Add([]);
            }

            layers[^1].Add(node);
        }

        return [.. layers.Select(l => l.ToArray())];
    }
}
