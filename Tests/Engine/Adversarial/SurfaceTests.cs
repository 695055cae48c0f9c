using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>What an attack changes, and that the gradient is that of what the network sees.</summary>
[TestClass]
public sealed class SurfaceTests
{
    public static IEnumerable<object[]> Surfaces =>
        from channels in (int[])[3, 1]
        from file in (bool[])[false, true]
        from units in (Preprocessing[])[
            Sized(32, 28, 28), Sized(32, 28, 28) with { ChannelOrder = ChannelOrder.Bgr, Deviation = [0.2f, 0.5f, 1f] },
            Sized(30, 25, 33) with { Stretch = true }, Sized(20, 28, 28),
            Sized(32, 28, 28) with { Interpolation = Interpolation.Bicubic }]
        where file || !units.Stretch
        select new object[] { channels, file, units };

    [TestMethod]
    [DynamicData(nameof(Surfaces))]
    public void ToNetwork_WholeLevels_IsWhatTheSavedFileGives(int channels, bool file, Preprocessing units)
    {
        Surface surface = Make(channels, file, units);
        var tensor = new float[channels * units.Height * units.Width];
        surface.ToNetwork(surface.Clean, tensor);
        TensorAssert.SameBits(
            file ? NetworkInput.Prepare(surface.Image, surface.Network).Tensor
                : Normalization.ToTensor(surface.Image, surface.Network.Preprocessing),
            tensor, "clean");

        var random = new Random(4);
        float[] levels = [.. surface.Clean.Select(_ => (float)random.Next(256))];
        using var folder = new TemporaryFolder();
        ImageFile.WritePng(folder["saved.png"], surface.ToImage(levels));
        RgbImage saved = ImageFile.Read(folder["saved.png"]);
        surface.ToNetwork(levels, tensor);
        TensorAssert.SameBits(surface.ReadBack(saved), tensor, "read back");
        CollectionAssert.AreEqual(levels, surface.LevelsOf(saved));
        PixelWindow w = surface.Window;
        for (int i = 0; i < saved.Pixels.Length; i++)
        {
            (int x, int y) = (i / 3 % saved.Width, i / 3 / saved.Width);
            if (x < w.Left || x >= w.Left + w.Width || y < w.Top || y >= w.Top + w.Height)
            {
                Assert.AreEqual(surface.Image.Pixels[i], saved.Pixels[i], "what the network does not see is not changed");
            }
        }
    }

    /// <summary>Both maps are linear where nothing is clamped, so the difference of two values is the gradient but for float32: values of
    /// about 1, 1e-7 each, by steps of 10 levels.</summary>
    [TestMethod]
    [DynamicData(nameof(Surfaces))]
    public void Backward_PerLevel_IsTheDifferenceOfValues(int channels, bool file, Preprocessing units)
    {
        Surface surface = Make(channels, file, units);
        var random = new Gaussian(6);
        float[] seed = random.Values(channels * units.Height * units.Width), gradient = new float[surface.Clean.Length];
        surface.Backward(seed, gradient);
        for (int trial = 0; trial < 4; trial++)
        {
            float[] direction = random.Values(gradient.Length);
            double expected = gradient.Zip(direction, (g, d) => (double)g * d).Sum() * 2;
            double size = Math.Sqrt(gradient.Sum(g => (double)g * g) * direction.Sum(d => (double)d * d));
            Assert.AreEqual(expected, Value(1) - Value(-1), 1e-5 * size, "along a random direction");

            double Value(int sign)
            {
                float[] at = [.. surface.Clean.Zip(direction, (c, d) => c + 0.25f + (sign * d))], tensor = new float[seed.Length];
                surface.ToNetwork(at, tensor);
                return tensor.Zip(seed, (t, s) => (double)t * s).Sum();
            }
        }
    }

    [TestMethod]
    public void FileSurface_ALongStrip_HoldsOnlyWhatTheNetworkSees()
    {
        Network network = OutputNets.Of(3);
        var narrow = new FileSurface(network, new RgbImage(100_000, 40, new byte[12_000_000]));
        Assert.IsLessThanOrEqualTo(3 * 40 * 44, narrow.Clean.Length);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        model.Show(narrow);
        model.Logits(narrow.Clean);
        var gradient = new float[narrow.Clean.Length];
        model.Gradient([1, -1, 0], gradient);
        Assert.IsTrue(gradient.All(float.IsFinite) && gradient.Any(g => g != 0));
    }

    private static Surface Make(int channels, bool file, Preprocessing units)
    {
        if (channels == 1)
        {
            units = units with { Mean = [0.13f], Deviation = [0.31f], ChannelOrder = ChannelOrder.Rgb };
        }

        Network network = new NetworkBuilder(channels).Then("flat", new Interp.Engine.Layers.Flatten()).Build("pixels", units);
        RgbImage image = file ? AttackNets.Image(71, 53) : AttackNets.Image(units.Width, units.Height);
        return file ? new FileSurface(network, image) : new NetworkSurface(network, Luma.Seen(image, channels));
    }

    private static Preprocessing Sized(int shorter, int height, int width) =>
        new() { ResizeShorterSide = shorter, InputSize = height, InputWidth = width == height ? null : width };
}
