using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

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
    public void Read_NetworkOfOneChannel_IsRefused()
    {
        Network grey = new NetworkBuilder(1).Then("flat", new Flatten()).Build("grey", s_preprocessing);
        InputException error = Assert.ThrowsExactly<InputException>(() => NetworkInput.Read(ImageFixtures.PathOf("rgb.png"), grey));
        StringAssert.Contains(error.Message, "takes 1 channels");
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
