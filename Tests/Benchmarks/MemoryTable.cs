using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// Peak physical memory of a process that does nothing but run a network three times, forward, or forward and backward: weights,
/// activations, working
/// memory, runtime.
/// </summary>
internal static class MemoryTable
{
    /// <summary>The hidden command by which this program measures itself.</summary>
    public const string Command = "peak";

    /// <summary>Prints the table.</summary>
    public static void Print(IEnumerable<int> depths, IEnumerable<int> batches)
    {
        var table = new MarkdownTable("network", "batch", "forward MiB", "libtorch MiB", "forward + backward MiB", "libtorch MiB");
        foreach (int depth in depths)
        {
            foreach (int batch in batches)
            {
                table.Add($"VGG{depth}", $"{batch}", Child("ours", depth, batch, false), Child("libtorch", depth, batch, false),
                    Child("ours", depth, batch, true), Child("libtorch", depth, batch, true));
            }
        }

        Console.WriteLine("### Peak memory, each in a process of its own\n");
        table.Print();
    }

    /// <summary>Runs in the process that is measured, and prints MiB.</summary>
    public static void RunHere(string who, int depth, int batch, bool backward)
    {
        Action run = who == "ours" ? Ours(depth, batch, backward) : Torch(depth, batch, backward);
        PeakMemory.Measure(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                run();
            }
        });
    }

    private static Action Ours(int depth, int batch, bool backward)
    {
        Network network = Networks.Vgg(depth);
        Session session = new CpuBackend().Open(network, new SessionOptions { Batch = batch, Backward = backward });
        float[] input = Networks.Values(session.InputShape.Count, 1);
        float[] seed = Networks.Values(session.ShapeOf(network.Output).Count, 2);
        return () =>
        {
            session.Forward(input);
            if (backward)
            {
                session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, seed));
            }
        };
    }

    private static Action Torch(int depth, int batch, bool backward)
    {
        TorchLibrary.Load();
        Network network = Networks.Vgg(depth);
        var torchNetwork = new TorchNetwork(network, channelsLast: false);
        Tensor x = randn(batch, 3, 224, 224), seed = randn(batch, 1000);
        return backward ? () => torchNetwork.RunBoth(x, seed) : () => torchNetwork.RunForward(x);
    }

    private static string Child(string who, int depth, int batch, bool backward) =>
        PeakMemory.OfChild(Command, who, $"{depth}", $"{batch}", backward ? "true" : "false");
}
