using System.Collections.Immutable;
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
/// How exact both are, against libtorch in float64, at 224×224. The gradient is that of the highest logit. Every float32 implementation
/// takes a few
/// near-ties of ReLUs and pools the other way than float64 does; the last column compares with a float64 backward pass through the same
/// decisions.
/// </summary>
internal static class Accuracy
{
    /// <summary>Relative error in the 2-norm.</summary>
    public static double Error(double[] found, double[] exact) =>
        Math.Sqrt(found.Zip(exact, (f, e) => (f - e) * (f - e)).Sum() / exact.Sum(e => e * e));

    /// <inheritdoc cref="Error(double[], double[])"/>
    public static double Error(float[] found, double[] exact) => Error([.. found.Select(f => (double)f)], exact);

    /// <summary>Prints the worst of several random inputs.</summary>
    public static void Print(IEnumerable<Network> networks, int inputs)
    {
        var table = new MarkdownTable("network", "", "features", "logits", "input gradient", "decisions unlike float64",
            "gradient, same decisions");
        using var backend = new CpuBackend();
        set_num_threads(backend.Info.Threads);
        foreach (Network network in networks)
        {
            using TorchNetwork exact = new(network, channelsLast: false, ScalarType.Float64), single = new(network, channelsLast: false);
            var rows = Enumerable.Range(0, inputs).Select(i => Compare(network, backend, exact, single, (ulong)(10 + i))).ToArray();
            Add(network.Name, "ours", [.. rows.Select(r => r.Ours)]);
            Add(network.Name, "libtorch float32", [.. rows.Select(r => r.Theirs)]);
        }

        Console.WriteLine($"### Accuracy: relative error in the 2-norm against float64, the worst of {inputs} random inputs\n");
        table.Print();

        void Add(string network, string who, Errors[] of) =>
            table.Add(network, who, $"{of.Max(e => e.Features):0.0e-0}", $"{of.Max(e => e.Logits):0.0e-0}",
            $"{of.Max(e => e.Gradient):0.0e-0}", $"{of.Min(e => e.Flips)} to {of.Max(e => e.Flips)}",
            $"{of.Max(e => e.SameDecisions):0.0e-0}");
    }

    private static (Errors Ours, Errors Theirs) Compare(Network network, CpuBackend backend, TorchNetwork exact, TorchNetwork single,
        ulong stream)
    {
        using DisposeScope scope = NewDisposeScope();
        Node features = network.Nodes.Last(n => n.Layer is MaxPool2d);
        using Session fused = backend.Open(network, new SessionOptions { Keep = [features] });
        float[] input = Networks.Values(fused.InputShape.Count, stream);
        Shape logits = fused.ShapeOf(network.Output);
        fused.Forward(input);
        float[] found = fused.Logits();
        float[] seed = new float[network.Classes];
        seed[found.IndexOf(found.Max())] = 1;
        fused.Backward(ReluRules.Vanilla, default, new Seed(network.Output, seed));

        Decisions decisions = OurDecisions(network, backend, input, found);
        TorchRun reference = new(exact, input, fused.InputShape, seed, logits), theirs = new(single, input, fused.InputShape, seed, logits);
        var ours = new Errors(
            Error(fused.Activation(features), reference.Activation(features)),
            Error(found, reference.Logits),
            Error(fused.InputGradient(), reference.Gradient),
            decisions.Differences(reference.Decisions),
            Error(fused.InputGradient(), new TorchRun(exact, input, fused.InputShape, seed, logits, decisions).Gradient));
        return (ours, new Errors(
            Error(theirs.Activation(features), reference.Activation(features)),
            Error(theirs.Logits, reference.Logits),
            Error(theirs.Gradient, reference.Gradient),
            theirs.Decisions.Differences(reference.Decisions),
            Error(theirs.Gradient, new TorchRun(exact, input, fused.InputShape, seed, logits, theirs.Decisions).Gradient)));
    }

    /// <summary>Read from a second session that keeps every ReLU's output and so fuses less, but computes the same bits.</summary>
    private static Decisions OurDecisions(Network network, CpuBackend backend, float[] input, float[] logits)
    {
        ImmutableArray<Node> relus = [.. network.Nodes.Where(n => n.Layer is ReLU)];
        using Session session = backend.Open(network, new SessionOptions { Keep = relus, Backward = false });
        session.Forward(input);
        return session.Logits().AsSpan().SequenceEqual(logits)
            ? new Decisions(network.Nodes, n => tensor(session.Activation(n), [.. session.ShapeOf(n).Dims.Select(d => (long)d)]))
            : throw new InvalidOperationException(
            $"{network.Name}: a session that keeps its ReLUs computes other logits, so its decisions say nothing");
    }

    private sealed record Errors(double Features, double Logits, double Gradient, long Flips, double SameDecisions);

    /// <summary>A forward and backward pass in libtorch that remembers activations, with its own decisions or imposed ones.</summary>
    private sealed class TorchRun
    {
        private readonly Dictionary<int, Tensor> _activations = [];

        public TorchRun(TorchNetwork torchNetwork, float[] input, Shape shape, float[] seed, Shape logits, Decisions? imposed = null)
        {
            Tensor x = torchNetwork.Copy(input, shape).requires_grad_(true);
            Tensor y = x;
            foreach (Node node in torchNetwork.Layers)
            {
                y = imposed?.Apply(node, y) ?? torchNetwork.Forward(y, [node]);
                _activations[node.Id] = y.detach();
            }

            y.backward([torchNetwork.Copy(seed, logits)]);
            Logits = TorchNetwork.Read(y);
            Gradient = TorchNetwork.Read(x.grad!);
            Decisions = imposed ?? new Decisions(torchNetwork.Layers, n => _activations[n.Id]);
        }

        public double[] Logits { get; }

        public double[] Gradient { get; }

        public Decisions Decisions { get; }

        public double[] Activation(Node node) => TorchNetwork.Read(_activations[node.Id]);
    }
}
