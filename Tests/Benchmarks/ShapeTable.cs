using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>Single convolutions as other networks than VGG have them.</summary>
internal static class ShapeTable
{
    private static readonly (string Name, Conv2d Conv, int Size)[] s_shapes =
    [
        ("3×3, odd sizes", new Conv2d(65, 67, Window.Square(3, padding: 1)), 113),
        ("3×3, few channels", new Conv2d(13, 29, Window.Square(3, padding: 1)), 61),
        ("3×3, stride 2", new Conv2d(128, 256, Window.Square(3, stride: 2, padding: 1)), 56),
        ("3×3, dilation 2", new Conv2d(256, 256, Window.Square(3, padding: 2, dilation: 2)), 28),
        ("3×3, 32 groups", new Conv2d(128, 128, Window.Square(3, padding: 1), Groups: 32), 56),
        ("3×3, 32 groups of 16", new Conv2d(512, 512, Window.Square(3, padding: 1), Groups: 32), 14),
        ("3×3, depthwise", new Conv2d(144, 144, Window.Square(3, padding: 1), Groups: 144), 56),
        ("3×3, depthwise, stride 2", new Conv2d(144, 144, Window.Square(3, stride: 2, padding: 1), Groups: 144), 56),
        ("5×5, depthwise", new Conv2d(240, 240, Window.Square(5, padding: 2), Groups: 240), 28),
        ("1×1", new Conv2d(64, 256, Window.Square(1)), 56),
        ("1×1, many channels", new Conv2d(512, 2048, Window.Square(1)), 7),
        ("1×1, stride 2", new Conv2d(256, 512, Window.Square(1, stride: 2)), 56),
        ("5×5", new Conv2d(64, 192, Window.Square(5, padding: 2)), 27),
        ("1×7", new Conv2d(192, 192, new Window(new Size2(1, 7), Size2.Square(1), new Size2(0, 3), Size2.Square(1))), 17),
        ("3×3, stride 2, an image", new Conv2d(3, 32, Window.Square(3, stride: 2, padding: 1)), 224),
        ("7×7, stride 2", new Conv2d(3, 64, Window.Square(7, stride: 2, padding: 3)), 224),
        ("11×11, stride 4", new Conv2d(3, 64, Window.Square(11, stride: 4, padding: 2)), 224),
    ];

    /// <summary>Prints the table.</summary>
    public static void Print(int threads, int rounds)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        set_num_threads(threads);
        var table = new MarkdownTable("convolution", "shape", "forward ms", "libtorch ms", "ratio", "GFLOP/s", "backward ms", "libtorch ms",
            "ratio", "GFLOP/s",
            "error forward", "libtorch", "error backward", "libtorch");
        foreach ((string name, Conv2d conv, int size) in s_shapes)
        {
            Network network = Networks.Single(conv, size);
            LayerTime time = LayerTimes.Measure(network, backend, batch: 1, rounds)[0];
            table.Add([name, $"{conv.InChannels}→{conv.OutChannels} at {size}²", .. Cells(time, time.Forward),
                .. Cells(time, time.Backward),
                .. Errors(network, backend)]);
        }

        Console.WriteLine($"### Other convolutions, batch 1, {threads} threads\n");
        Console.WriteLine("Errors are relative, in the 2-norm, against float64.\n");
        table.Print();
    }

    private static string[] Cells(LayerTime time, Verdict pass) =>
        [$"{pass.Ours:0.000}", $"{pass.Theirs:0.000}", $"{pass.Ratio:0.00}", $"{time.Megaflops / pass.Ours:0}"];

    private static string[] Errors(Network network, CpuBackend backend)
    {
        using Session session = backend.Open(network, new SessionOptions());
        float[] input = Networks.Values(session.InputShape.Count, 1);
        float[] gradient = Networks.Values(session.ShapeOf(network.Output).Count, 2);
        session.Forward(input);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, gradient));
        (double[] y, double[] g) = Torch(ScalarType.Float64);
        (double[] theirY, double[] theirG) = Torch(ScalarType.Float32);
        return [$"{Accuracy.Error(session.Logits(), y):0.0e-0}", $"{Accuracy.Error(theirY, y):0.0e-0}",
            $"{Accuracy.Error(session.InputGradient(), g):0.0e-0}", $"{Accuracy.Error(theirG, g):0.0e-0}"];

        (double[] Output, double[] Gradient) Torch(ScalarType type)
        {
            using DisposeScope scope = NewDisposeScope();
            using var torchNetwork = new TorchNetwork(network, channelsLast: false, type);
            Tensor x = torchNetwork.Copy(input, session.InputShape).requires_grad_(true);
            Tensor result = torchNetwork.Forward(x);
            result.backward([torchNetwork.Copy(gradient, session.ShapeOf(network.Output))]);
            return (TorchNetwork.Read(result), TorchNetwork.Read(x.grad!));
        }
    }
}
