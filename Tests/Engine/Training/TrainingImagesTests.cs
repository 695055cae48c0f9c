using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Training;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Training;

/// <summary>From folders of images to features.</summary>
[TestClass]
public sealed class TrainingImagesTests
{
    [TestMethod]
    public void ClassFolders_AreClassesInTheOrderOfTheirNames()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["in", "b", "2.png"]);
        TestImages.WritePng(scratch["in", "b", "images", "1.png"], 1);
        TestImages.WritePng(scratch["in", "a", "images", "3.png"]);
        Directory.CreateDirectory(scratch["in", ".hidden"]);

        var found = ClassFolders.Of(scratch["in"]);

        CollectionAssert.AreEqual(new[] { "a", "b" }, found.Names.ToArray());
        Assert.AreEqual("3.png", Path.GetFileName(found.Files[0].Single()));
        Assert.AreEqual("2.png", Path.GetFileName(found.Files[1].Single()));
        Assert.AreEqual(2, found.Count);
        Assert.Contains("images", found.Remarks.Single());
    }

    [TestMethod]
    public void ClassFolders_ThatAreNone_AreRefused()
    {
        using var scratch = new TemporaryFolder();
        string photo = TestImages.WritePng(scratch["in", "a", "1.png"]);
        Assert.Contains("no such file", Refusal(scratch["missing"]));
        Assert.Contains("is a file", Refusal(photo));
        Assert.Contains("holds 1 folders", Refusal(scratch["in"]));
        Directory.CreateDirectory(scratch["in", "b"]);
        Assert.Contains("holds no image", Refusal(scratch["in"]));

        static string Refusal(string path) => Assert.ThrowsExactly<InputException>(() => ClassFolders.Of(path)).Message;
    }

    [TestMethod]
    public void Augmentation_BeginsWithTheImageAsTheNetworkSeesIt()
    {
        RgbImage image = ImageFile.Read(Repository.PathOf("Cli", "photos", "chelsea.png"));
        Preprocessing p = Preprocessing.ImageNet with { InputSize = 64, ResizeShorterSide = 80 };
        RgbImage plain = Resampling.ResizeAndCrop(image, p);
        foreach (Augmentation augmentation in Augmentation.All)
        {
            RgbImage[] views = [.. augmentation.Of(image, p)];
            Assert.HasCount(augmentation.Views, views);
            CollectionAssert.AreEqual(plain.Pixels.ToArray(), views[0].Pixels.ToArray());
            Assert.IsTrue(views.All(v => (v.Width, v.Height) == (64, 64)));
        }

        RgbImage[] ten = [.. Augmentation.TenCrops.Of(image, p)];
        RgbImage square = Resampling.ResizeAndCrop(image, p with { InputSize = 80 });
        Assert.AreEqual(Pixel(square, 16, 16), Pixel(ten[4], 0, 0), "the last corner");
        Assert.AreEqual(Pixel(square, 79, 79), Pixel(ten[4], 63, 63));
        Assert.AreEqual(Pixel(ten[2], 63, 5), Pixel(ten[7], 0, 5), "mirrored");

        static (byte, byte, byte) Pixel(RgbImage i, int x, int y) =>
            (i.Pixels[3 * ((y * i.Width) + x)], i.Pixels[(3 * ((y * i.Width) + x)) + 1], i.Pixels[(3 * ((y * i.Width) + x)) + 2]);
    }

    [TestMethod]
    public void Usual_IsWhatTheLastLinearLayerReads_OrTheOutputOfATrunk()
    {
        Network classifier = ModelStore.Load(TinyModel.Folder);
        Assert.AreEqual("classifier.2", FeatureRun.Usual(classifier).Name);

        Preprocessing p = Preprocessing.ImageNet.WithInputSize(32);
        Assert.AreEqual("flatten", FeatureRun.Usual(Pooled(Trunk()).Build("features", p)).Name, "a pooled 3x3 convolution is no head");
        Assert.AreEqual("flatten", FeatureRun.Usual(Pooled(Trunk()).BuildWithoutClasses("trunk", p)).Name);
        NetworkBuilder squeeze = TinyNets.Add(
            Trunk().Then("relu", new ReLU()), "head", new Conv2d(4, 5, Window.Square(1)), new Gaussian(2));
        Assert.AreEqual("relu", FeatureRun.Usual(Pooled(squeeze).Build("squeeze", p)).Name, "a 1x1 convolution is one");

        static NetworkBuilder Trunk() =>
            TinyNets.Add(new NetworkBuilder(3), "conv", new Conv2d(3, 4, Window.Square(3, padding: 1)), new Gaussian(1));
        static NetworkBuilder Pooled(NetworkBuilder b) =>
            b.Then("pool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flatten", new Flatten());
    }

    [TestMethod]
    public void Features_OfAMap_AreItsMeans_AndOfAnyBatchTheSame()
    {
        Network network = ModelStore.Load(TinyModel.Folder);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Batch = 2 });
        NetworkInput[] inputs = [.. Enumerable.Range(0, 5).Select(i => Requests.RandomInput(32, (ulong)i))];
        Node map = network.Find("features.3");
        var run = new FeatureRun(explainer, map);
        float[] all = run.Of(inputs);

        Assert.AreEqual(8, run.Features);
        for (int i = 0; i < 5; i++)
        {
            float[] one = explainer.Forward(inputs[i], [map], CancellationToken.None).Activation(map);
            float[] means = [.. one.Chunk(256).Select(c => (float)c.Average(v => (double)v))];
            TensorAssert.SameBits(means, all[(8 * i)..(8 * (i + 1))], $"image {i}");
        }

        Assert.AreEqual(12, new FeatureRun(explainer, FeatureRun.Usual(network)).Features);
        Assert.ThrowsExactly<InputException>(() => new FeatureRun(explainer, network.Input));
    }
}
