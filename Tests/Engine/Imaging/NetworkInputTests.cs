using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class NetworkInputTests
{
    private static readonly Preprocessing s_preprocessing = new() { ResizeShorterSide = 40, InputSize = 32 };

    private string _file = "";

    [TestInitialize]
    public void NameFile() => _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npy");

    [TestCleanup]
    public void DeleteFile() => File.Delete(_file);

    [TestMethod]
    public void Read_Image_IsTorchvisionsTensorBitForBit()
    {
        string path = ImageFixtures.PathOf("large.png");
        NetworkInput input = NetworkInput.Read(path, Net()).Single();
        (Shape shape, float[] expected) = Npy.Read(ImageFixtures.PathOf("preprocessed.npy"));
        Assert.AreEqual(new Shape(3, 32, 32), shape);
        CollectionAssert.AreEqual(expected, input.Tensor);
        Assert.AreEqual((32, 32), (input.Image.Width, input.Image.Height));
        Assert.AreEqual(path, input.Path);
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), input.FileHash);
    }

    [TestMethod]
    public void Read_TensorOfAnImage_IsThatTensorAndImage()
    {
        NetworkInput image = NetworkInput.Read(ImageFixtures.PathOf("large.png"), Net()).Single();
        NetworkInput tensor = NetworkInput.Read(ImageFixtures.PathOf("preprocessed.npy"), Net()).Single();
        CollectionAssert.AreEqual(image.Tensor, tensor.Tensor);
        CollectionAssert.AreEqual(image.Image.Pixels, tensor.Image.Pixels);
    }

    [TestMethod]
    public void Read_ChannelsBlueGreenRed_AreThoseOfTheImageTurned()
    {
        Preprocessing turned = s_preprocessing with
        {
            ChannelOrder = ChannelOrder.Bgr,
            Mean = [.. s_preprocessing.Mean.Reverse()],
            Deviation = [.. s_preprocessing.Deviation.Reverse()],
        };
        RgbImage image = NetworkInput.Read(ImageFixtures.PathOf("large.png"), Net()).Single().Image;
        float[] rgb = Normalization.ToTensor(image, s_preprocessing), bgr = Normalization.ToTensor(image, turned);

        CollectionAssert.AreEqual((float[])[.. rgb[2048..], .. rgb[1024..2048], .. rgb[..1024]], bgr);
        CollectionAssert.AreEqual(image.Pixels, Normalization.ToImage(bgr, 32, 32, turned).Pixels);
        Assert.AreNotEqual(s_preprocessing, turned);
    }

    [TestMethod]
    public void Read_BatchOfAnotherSize_IsOneInputAnItem()
    {
        Write(new Shape(2, 3, 8, 10), i => i < 240 ? -100f : 100f);
        IReadOnlyList<NetworkInput> inputs = NetworkInput.Read(_file, Net());
        Assert.AreEqual(2, inputs.Count);
        Assert.IsTrue(inputs[0].Tensor.All(v => v == -100f) && inputs[1].Tensor.All(v => v == 100f), "values of their own items");
        Assert.AreEqual((10, 8), (inputs[1].Image.Width, inputs[1].Image.Height));
        Assert.IsTrue(inputs[0].Image.Pixels.All(p => p == 0) && inputs[1].Image.Pixels.All(p => p == 255), "clamped images");
    }

    [TestMethod]
    [DataRow(new[] { 1, 32, 32 })]
    [DataRow(new[] { 32, 32, 3 })]
    [DataRow(new[] { 3072 })]
    [DataRow(new[] { 1, 1, 3, 32, 32 })]
    [DataRow(new[] { 0, 3, 32, 32 })]
    [DataRow(new[] { 3, 0, 32 })]
    public void Read_TensorOfAnotherShape_IsRefused(int[] dims)
    {
        Write(new Shape(dims), _ => 0);
        Refuses("expected [3,H,W] or [N,3,H,W]");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void Read_TensorWithoutAFiniteValue_IsRefused(float value)
    {
        Write(new Shape(3, 32, 32), i => i == 70 ? value : 0);
        Refuses($"value 70 is {value}");
    }

    [TestMethod]
    public void Read_TensorTooSmallForTheNetwork_IsRefused()
    {
        Write(new Shape(3, 3, 32), _ => 0);
        Refuses("the model does not take inputs of 3x32");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Read_ChannelsOfNoImage_AreRefused(int channels)
    {
        Network other = new NetworkBuilder(channels).Then("flat", new Flatten()).Build("other", s_preprocessing);
        InputException error = Assert.ThrowsExactly<InputException>(() => NetworkInput.Read(ImageFixtures.PathOf("rgb.png"), other));
        StringAssert.Contains(error.Message, $"takes {channels} channels, expected 3 (RGB) or 1 (grey)");
    }

    [TestMethod]
    public void Read_ImageForAGreyNetwork_IsItsLuma()
    {
        NetworkInput input = NetworkInput.Read(ImageFixtures.PathOf("large.png"), ShapeNets.Grey()).Single();
        Assert.HasCount(28 * 28, input.Tensor);
        for (int i = 0; i < input.Tensor.Length; i++)
        {
            byte grey = input.Image.Pixels[3 * i];
            Assert.AreEqual((grey, grey), (input.Image.Pixels[(3 * i) + 1], input.Image.Pixels[(3 * i) + 2]));
            Assert.AreEqual(((grey / 255f) - 0.1307f) / 0.3081f, input.Tensor[i]);
        }
    }

    [TestMethod]
    public void Read_TensorsForAGreyNetwork_HaveOneChannel()
    {
        Write(new Shape(2, 1, 28, 28), i => ((i % 256 / 255f) - 0.1307f) / 0.3081f);
        IReadOnlyList<NetworkInput> inputs = NetworkInput.Read(_file, ShapeNets.Grey());
        Assert.HasCount(2, inputs);
        Assert.AreEqual((28, 28), (inputs[1].Image.Width, inputs[1].Image.Height));
        Assert.AreEqual(28 * 28 % 256, inputs[1].Image.Pixels[2]);
        Write(new Shape(3, 28, 28), _ => 0);
        string message = Assert.ThrowsExactly<InputException>(() => NetworkInput.Read(_file, ShapeNets.Grey())).Message;
        StringAssert.Contains(message, "[3,28,28], expected [1,H,W] or [N,1,H,W]");
    }

    [TestMethod]
    public void Read_TensorForANetworkOfBytes_IsNotDoubtedUpToThem()
    {
        Preprocessing bytes = s_preprocessing with { Mean = [0, 0, 0], Deviation = [1 / 255f, 1 / 255f, 1 / 255f] };
        Network network = new NetworkBuilder(3).Then("flat", new Flatten()).Build("bytes", bytes);
        Write(new Shape(3, 32, 32), i => i % 256);
        NetworkInput input = NetworkInput.Read(_file, network).Single();
        Assert.IsNull(input.Remark);
        Assert.AreEqual(37, input.Image.Pixels[3 * 37]);
        Write(new Shape(3, 32, 32), i => 1000);
        StringAssert.Contains(NetworkInput.Read(_file, network).Single().Remark, "expected the network's normalised units, 0 to 255");
    }

    private static Network Net() => new NetworkBuilder(3)
        .Then("pool", new MaxPool2d(Window.Square(4, stride: 4)))
        .Then("average", new AdaptiveAvgPool2d(new Size2(1, 1)))
        .Then("flat", new Flatten())
        .Build("net", s_preprocessing);

    private void Write(Shape shape, Func<int, float> value)
    {
        using FileStream stream = File.Create(_file);
        Npy.Write(stream, shape, [.. Enumerable.Range(0, (int)shape.Count).Select(value)]);
    }

    private void Refuses(string reason)
    {
        string message = Assert.ThrowsExactly<InputException>(() => NetworkInput.Read(_file, Net())).Message;
        StringAssert.StartsWith(message, _file);
        StringAssert.Contains(message, reason);
    }
}
