using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights;

/// <summary>What becomes of a network that a graph holds: sizes, channels, preparation, classes and what is said of them.</summary>
[TestClass]
public sealed class GraphConversionTests
{
    [TestMethod]
    public void Convert_Grey_IsPreparedAsPixelsFrom0To1()
    {
        using var folder = new TemporaryFolder();
        ModelInfo info = Convert(folder, ShapeNets.Grey(), [null, 1, 28, 28]);
        Assert.AreEqual((28, 28, 1, 10), (info.InputSize, info.InputWidth, info.Channels, info.Classes));
        Preprocessing used = RawModel.Open(info.Folder).Preprocessing;
        Assert.AreEqual((28, 0f, 1f), (used.ResizeShorterSide, used.Mean.Single(), used.Deviation.Single()));
        Said(info, "grey networks of pixels 0 to 1, since the file does not say it: grey (ITU-R 601), shorter side to 28", "middle 28x28",
            "options 'resize', 'crop', 'stretch', 'scale', 'mean', 'std', 'order'", "the classes have no names but numbers");
        Assert.IsFalse(info.Assumptions.Any(a => a.StartsWith("the input size", StringComparison.Ordinal)), "which the file holds");
    }

    [TestMethod]
    public void Convert_Oblong_IsStretchedToTheInput()
    {
        using var folder = new TemporaryFolder();
        Network network = ShapeNets.Oblong();
        ModelInfo info = Convert(folder, network, [1, 3, null, null]);
        Assert.AreEqual((33, 30, 3), (info.InputSize, info.InputWidth, info.Channels));
        Network read = RawModel.Open(info.Folder);
        Assert.AreEqual(
            Preprocessing.ImageNet with { InputSize = 33, InputWidth = 30, ResizeShorterSide = 33, Stretch = true }, read.Preprocessing);
        Assert.AreEqual(network.OwnShapes[^1], read.OwnShapes[^1]);
        Said(info, "the input size is 33x30 (option 'input-size')", "stretched to 33x30 (bilinear), middle 33x30");
    }

    [TestMethod]
    public void Convert_SquareOfColours_IsAsImageNets()
    {
        using var folder = new TemporaryFolder();
        ModelInfo info = Convert(folder, ShapeNets.Small(), [2, 3, 16, 16]);
        Assert.AreEqual(Preprocessing.ImageNet.WithInputSize(16), RawModel.Open(info.Folder).Preprocessing);
        Said(info, "torchvision's ImageNet networks, since the file does not say it: shorter side to 18");
    }

    [TestMethod]
    public void Convert_WhatTheFileHolds_IsTaken()
    {
        using var folder = new TemporaryFolder();
        Preprocessing known = Preprocessing.ImageNet.WithInputSize(16) with { Mean = [0, 0, 0], Deviation = [1 / 255f, 1, 1] };
        ImmutableArray<string> names = [.. Enumerable.Range(0, 10).Select(i => $"kind {i}")];
        ModelInfo info = Convert(folder, ShapeNets.Small(), [1, 3, 16, 16], preprocessing: known, labels: names,
            activation: OutputActivation.Sigmoid);
        Network network = RawModel.Open(info.Folder);
        Assert.AreEqual(known, network.Preprocessing);
        CollectionAssert.AreEqual(names, network.Labels.Names);
        Assert.AreEqual("sigmoid", info.Activation.Name);
        Said(info, "the classes' names are the file's", "images are prepared as for the file: ");

        info = Convert(folder, ShapeNets.Small(), [1, 3, 16, 16], r => r with { OutputFolder = folder["other"] }, labels: ["a", "b"]);
        Said(info, "the classes have no names but numbers (option 'labels'); the file's 2 names do not fit");
    }

    [TestMethod]
    public void Convert_MapsAndEmbeddings_HaveNoClasses()
    {
        using var folder = new TemporaryFolder();
        ModelInfo info = Convert(folder, ShapeNets.Maps(), [1, 3, 16, 16]);
        Assert.AreEqual(0, info.Classes);
        Said(info, "the output has no classes: units of layers can be explained (option 'unit')");
        Network read = RawModel.Open(info.Folder);
        Assert.AreEqual((0, "[1,7,16,16]"), (read.Classes, $"{read.OwnShapes[^1]}"));
        string json = File.ReadAllText(Path.Combine(info.Folder, "model.json"));
        Assert.Contains("\"classifies\": false", json);
        Assert.DoesNotContain("\"activation\"", json);

        Func<ConversionRequest, ConversionRequest> other = r => r with { OutputFolder = folder["embedding"], WithoutClasses = true };
        Assert.AreEqual(0, Convert(folder, ShapeNets.Embedding(), [1, 3, 16, 16], other).Classes, "as the user says");
        other = r => r with { OutputFolder = folder["classes"] };
        Assert.AreEqual(5, Convert(folder, ShapeNets.Embedding(), [1, 3, 16, 16], other).Classes, "a row of outputs is one of classes");
    }

    [TestMethod]
    public void Convert_Square_IsWrittenAsEver()
    {
        using var folder = new TemporaryFolder();
        string json = File.ReadAllText(Path.Combine(Convert(folder, ShapeNets.Small(), [1, 3, 16, 16]).Folder, "model.json"));
        Assert.DoesNotContain("input_width", json);
        Assert.DoesNotContain("classifies", json);
        Assert.DoesNotContain("null", json);
    }

    [TestMethod]
    public void Convert_OptionsOfSizeAndOutput_ReachTheImporter()
    {
        using var folder = new TemporaryFolder();
        ImportOptions? seen = null;
        Convert(folder, ShapeNets.Oblong(), [1, 3, null, null], r => r with
        {
            InputSize = 33, InputWidth = 30, Output = "scores", ChannelsLast = true,
        }, see: o => seen = o);
        Assert.AreEqual(new ImportOptions { InputSize = new Sides(33, 30), Output = "scores", ChannelsLast = true }, seen);
        Convert(folder, ShapeNets.Oblong(), [1, 3, null, null], r => r with
        {
            OutputFolder = folder["cut"], Preprocessing = new() { Crop = 33, CropWidth = 30, ResizeShorterSide = 50, Stretch = false },
        }, see: o => seen = o);
        Assert.AreEqual(new Sides(33, 30), seen!.InputSize);
        Assert.AreEqual((50, false), RawModel.Open(folder["cut"]).Preprocessing is var p ? (p.ResizeShorterSide, p.Stretch) : default);
    }

    [TestMethod]
    public void Convert_OptionsWithoutMeaning_AreRefused()
    {
        using var folder = new TemporaryFolder();
        Refused(r => r with { Architecture = "resnet_caffe" }, "option 'arch' resnet_caffe: net.onnx holds its own layers (a test)");
        Refused(r => r with { Pools = [4, 9] }, "option 'pools' 4,9: ", "leave it out");
        Refused(r => r with { Weights = "ema" }, "option 'weights' ema: ");
        Refused(r => r with { InputSize = 64 }, "option 'input-size' 64: the file fixes the network's input at 16x16");
        Refused(r => r with { Preprocessing = new() { Crop = 8 } }, "option 'crop' 8: the file fixes the network's input at 16x16");
        Refused(r => r with { InputSize = 0 }, "input size 0: expected 1 to 4096");
        Refused(r => r with { LabelsFile = folder["no"] }, "option 'labels'");
        Network maps = ShapeNets.Maps();
        Refused(r => r with { LabelsFile = "names.txt" }, maps, "option 'labels' names.txt: the network has no classes");
        Refused(r => r with { Activation = OutputActivation.Softmax }, maps, "option 'activation' softmax: the network has no classes");

        void Refused(Func<ConversionRequest, ConversionRequest> change, params object[] more)
        {
            Network network = more[0] as Network ?? ShapeNets.Small();
            Errors.Of<InputException>(
                () => Convert(folder, network, [1, 3, 16, 16], change), [.. more.OfType<string>()]);
            Assert.IsFalse(Directory.Exists(folder["out"]));
        }
    }

    [TestMethod]
    public void Convert_TwoOrFourChannels_AreRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (int channels in (int[])[2, 4])
        {
            Network network = TinyNets.Part(new Interp.Engine.Layers.ReLU(), channels, 16);
            Errors.Of<ModelException>(
                () => Convert(folder, network, [1, channels, 16, 16]), "net.onnx", $"{channels} channels, expected 3 (RGB) or 1 (grey)");
        }
    }

    [TestMethod]
    public void Convert_OptionsOfGraphsWithAStateDict_AreRefused()
    {
        using var folder = new TemporaryFolder();
        Cli.Support.TinyModel.WriteSafetensors(folder["w.safetensors"]);
        var request = new ConversionRequest(folder["w.safetensors"], folder["out"]);
        Errors.Of<InputException>(() => ModelConverter.Convert(request with { Output = "scores" }), "option 'output' scores");
        Errors.Of<InputException>(() => ModelConverter.Convert(request with { ChannelsLast = true }), "option 'layout'");
    }

    private static void Said(ModelInfo info, params string[] words)
    {
        string all = string.Join('\n', info.Assumptions);
        foreach (string word in words)
        {
            Assert.Contains(word, all);
        }
    }

    private static ModelInfo Convert(
        TemporaryFolder folder, Network network, long?[] declared, Func<ConversionRequest, ConversionRequest>? change = null,
        Preprocessing? preprocessing = null, ImmutableArray<string>? labels = null, OutputActivation? activation = null,
        Action<ImportOptions>? see = null)
    {
        using var graph = new OperatorGraph
        {
            Path = "net.onnx",
            Origin = "a test",
            Inputs = [new GraphPort("x", null, [.. declared])],
            Outputs = [],
            Nodes = [],
            Constants = new Dictionary<string, GraphTensor>(),
            Preprocessing = preprocessing,
            Labels = labels,
        };
        var request = new ConversionRequest("net.onnx", folder["out"]);
        return GraphConversion.Convert(change?.Invoke(request) ?? request, graph, Import, null, CancellationToken.None);

        ImportedNetwork Import(OperatorGraph given, ImportOptions options)
        {
            see?.Invoke(options);
            Preprocessing own = network.Preprocessing;
            return new ImportedNetwork(ModelFolders.PlanOf(network), own.Height, own.Width, activation);
        }
    }
}
