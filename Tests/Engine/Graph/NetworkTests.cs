using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Graph;

[TestClass]
public sealed class NetworkTests
{
    [TestMethod]
    public void Build_SmallClassifier_KnowsItsShapes()
    {
        Network network = Classifier().Build("small", Preprocessing.ImageNet.WithInputSize(32));

        Assert.AreEqual(4, network.Classes);
        Assert.AreEqual("class 3", network.Labels[3]);
        Assert.AreEqual(new Shape(7, 2, 40, 50), network.Shapes(7, 40, 50)[network.Find("features.0").Id]);
        Assert.AreEqual(2 * 3 * 9 + 2 + 4 * 2 + 4, network.Nodes.Sum(n => n.ParameterCount));
    }

    [TestMethod]
    public void Find_MisspelledLayer_SuggestsTheNearest()
    {
        Network network = Classifier().Build("small", Preprocessing.ImageNet);

        string message = Assert.ThrowsExactly<InputException>(() => network.Find("feature.0")).Message;

        Assert.StartsWith("model small has no layer 'feature.0': nearest are features.0, ", message);
    }

    [TestMethod]
    public void Shapes_ImageTooSmall_NamesLayerAndSize()
    {
        Network network = new NetworkBuilder(3).Then("pool", new MaxPool2d(Window.Square(16, 16))).Then("flat", new Flatten())
            .Build("pooled", Preprocessing.ImageNet.WithInputSize(32));

        Assert.AreEqual("pooled, layer 'pool', input 8x8: maxpool2d: a kernel of 16 with dilation 1 does not fit into 8 with padding 0",
            Assert.ThrowsExactly<ModelException>(() => network.Shapes(1, 8, 8)).Message);
    }

    [TestMethod]
    public void Add_WrongPieces_AreNamed()
    {
        Weight weight = Weight.FromValues("features.0.weight", new Shape(2, 3, 3, 3), new float[54]);
        Weight bias = Weight.FromValues("features.0.bias", new Shape(3), new float[3]);
        var conv = new Conv2d(3, 2, Window.Square(3));

        Fails("layer 'a' (conv2d) needs 2 tensors, found 1", b => b.Then("a", conv, weight));
        Fails("layer 'a' (conv2d): tensor 'features.0.bias' has shape [3], expected [2]", b => b.Then("a", conv, weight, bias));
        Fails("layer 'a' reads 'b', which does not stand before it", b => b.Add("a", new ReLU(), ["b"], []));
        Fails("two layers are called 'a'", b => b.Then("a", new ReLU()).Then("a", new ReLU()));
    }

    [TestMethod]
    public void Build_WrongEnd_IsNamed()
    {
        Assert.Contains("expected class logits [N,classes]", Assert.ThrowsExactly<ModelException>(() =>
            new NetworkBuilder(3).Then("relu", new ReLU()).Build("no-classifier", Preprocessing.ImageNet)).Message);
        Assert.AreEqual("small: 3 labels for 4 classes", Assert.ThrowsExactly<ModelException>(() =>
            Classifier().Build("small", Preprocessing.ImageNet, Labels.Numbered(3))).Message);
    }

    private static NetworkBuilder Classifier() => new NetworkBuilder(3)
        .Then("features.0", new Conv2d(3, 2, Window.Square(3, padding: 1)),
            Weight.FromValues("features.0.weight", new Shape(2, 3, 3, 3), new float[54]),
            Weight.FromValues("features.0.bias", new Shape(2), new float[2]))
        .Then("features.1", new ReLU()).Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flatten", new Flatten())
        .Then("classifier.0", new Linear(2, 4),
            Weight.FromValues("classifier.0.weight", new Shape(4, 2), new float[8]),
            Weight.FromValues("classifier.0.bias", new Shape(4), new float[4]));

    private static void Fails(string message, Action<NetworkBuilder> build) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<ModelException>(() => build(new NetworkBuilder(3))).Message);
}
