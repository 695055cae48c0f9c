using Interp.Engine.Arithmetic;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives.Units;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// Steps of feature visualisation on VGG16: Fourier image, lucid's transforms, the network forward, backward from one channel, Adam.
/// libtorch does what lucent
/// does: the inverse FFT, colours and sigmoid, pad 12, jitter 8, a random scale, a random rotation, jitter 4, the whole network forward,
/// and autograd back.
/// </summary>
internal static class VisualizationTable
{
    private const int Size = 224;
    private const int Steps = 6;
    private const string Layer = "features.28";
    private const int Channel = 264;
    private static readonly float[] s_colors = [0.26f, 0.09f, 0.02f, 0.27f, 0, -0.05f, 0.27f, -0.09f, 0.03f];

    /// <summary>Prints the table.</summary>
    public static void Print(int rounds)
    {
        Network network = Networks.Vgg(16);
        using var backend = new CpuBackend(new CpuOptions { Threads = Machine.Threads[^1] });
        set_num_threads(Machine.Threads[^1]);
        using var visualizer = new Visualizer(network, backend);
        var objective = new ChannelObjective(network.Find(Layer), Channel);
        var options = new VisualizationOptions { Steps = Steps };
        using var contiguous = new TorchNetwork(network, channelsLast: false);
        using var channelsLast = new TorchNetwork(network, channelsLast: true);
        Verdict v = Verdict.Of(
            Contest.Run(rounds, () => visualizer.Run(objective, options), () => Climb(contiguous), () => Climb(channelsLast)));
        var table = new MarkdownTable("step", "ms", "libtorch ms", "its layout", "times as fast", "spread");
        table.Add($"channel {Layer}:{Channel}, {Size}×{Size}", $"{v.Ours / Steps:0.0}", $"{v.Theirs / Steps:0.0}", v.ChannelsLast
            ? "channels last" : "contiguous", $"{v.Ratio:0.00}", $"{v.Low:0.00}–{v.High:0.00}");
        Console.WriteLine("### One step of feature visualisation, VGG16\n");
        table.Print();
    }

    private static void Climb(TorchNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scale = Frequencies();
        var spectrum = new TorchSharp.Modules.Parameter(randn([1, 3, Size, (Size / 2) + 1, 2]) * 0.01);
        optim.Optimizer adam = optim.Adam([spectrum], lr: 0.05);
        Tensor colors = tensor(s_colors, 3, 3) / 0.4619f;
        Tensor mean = tensor([0.485f, 0.456f, 0.406f], 1, 3, 1, 1), deviation = tensor([0.229f, 0.224f, 0.225f], 1, 3, 1, 1);
        var random = new Random(0);
        int last = network.Layers.ToList().FindIndex(n => n.Name == Layer);
        for (int step = 0; step < Steps; step++)
        {
            using DisposeScope inner = NewDisposeScope();
            adam.zero_grad();
            Tensor planes = fft.irfft2(view_as_complex(spectrum * scale), s: [Size, Size], norm: FFTNormType.Ortho) / 4;
            Tensor image = sigmoid(colors.matmul(planes.flatten(2)).view(1, 3, Size, Size));
            Tensor x = Transform(image, random);
            Tensor kept = network.Forward((x - mean) / deviation, network.Layers.AsSpan()[..(last + 1)]);
            using (no_grad())
            {
                // lucent runs the whole network; only the hook's layer is differentiated.
                network.Forward(nn.functional.adaptive_avg_pool2d(kept.clone(), [14, 14]), network.Layers.AsSpan()[(last + 1)..]);
            }

            (-kept.select(1, Channel).mean()).backward();
            adam.step();
        }
    }

    private static Tensor Transform(Tensor x, Random random)
    {
        x = nn.functional.pad(x, [12, 12, 12, 12], PaddingModes.Constant, 0.5);
        x = Jitter(x, 8, random);
        double factor = 0.9 + (0.02 * random.Next(11));
        x = nn.functional.interpolate(x, scale_factor: [factor, factor], mode: InterpolationMode.Bilinear, align_corners: true,
            recompute_scale_factor: true);
        double angle = (random.Next(21) - 10) * Math.PI / 180;
        Tensor theta = tensor(
            [(float)Math.Cos(angle), (float)-Math.Sin(angle), 0, (float)Math.Sin(angle), (float)Math.Cos(angle), 0], 1, 2, 3);
        x = nn.functional.grid_sample(x, nn.functional.affine_grid(theta, x.shape, align_corners: false), align_corners: false);
        x = Jitter(x, 4, random);
        return nn.functional.interpolate(x, size: [Size, Size], mode: InterpolationMode.Bilinear, align_corners: true);
    }

    private static Tensor Jitter(Tensor x, int by, Random random)
    {
        (long top, long left) = (random.Next(by), random.Next(by));
        return x.narrow(2, top, x.shape[2] - by).narrow(3, left, x.shape[3] - by);
    }

    /// <summary>1/max(f, 1/size) for every coefficient of a real Fourier transform.</summary>
    private static Tensor Frequencies()
    {
        Tensor down = fft.fftfreq(Size).view(Size, 1), across = fft.rfftfreq(Size).view(1, (Size / 2) + 1);
        return (1 / (down.square() + across.square()).sqrt().clamp_min(1.0 / Size)).view(1, 1, Size, (Size / 2) + 1, 1);
    }
}
