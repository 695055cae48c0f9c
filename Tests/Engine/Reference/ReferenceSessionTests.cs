using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Reference;

[TestClass]
public sealed class ReferenceSessionTests
{
    [TestMethod]
    public void Info_Always_NamesTheBackend()
    {
        using var backend = new ReferenceBackend();
        Assert.AreEqual(new BackendInfo("reference", "scalar float64", 1), backend.Info);
    }

    [TestMethod]
    public void ActivationExact_AnyNode_RoundsToActivation()
    {
        Network network = TinyNets.Diamond();
        using var session = new ReferenceSession(network, new SessionOptions { Keep = [.. network.Nodes] });
        session.Forward(new Gaussian(1).Values(session.InputShape.Count));
        foreach (Node node in network.Nodes)
        {
            CollectionAssert.AreEqual(Array.ConvertAll(session.ActivationExact(node), v => (float)v), session.Activation(node));
        }
    }

    [TestMethod]
    public void GradientExact_WithoutBackward_IsRefused()
    {
        Network network = TinyNets.Diamond();
        using var session = new ReferenceSession(network, new SessionOptions());
        Assert.ThrowsExactly<InvalidOperationException>(() => session.ActivationExact(network.Output));
        session.Forward(new float[session.InputShape.Count]);
        Assert.ThrowsExactly<InvalidOperationException>(() => session.GradientExact(network.Input));
    }

    [TestMethod]
    public void ImposeRelu_OtherDecisions_ChangeTheBackwardPassOnly()
    {
        Network network = TinyNets.Single(new ReLU(), 1, 2);
        Node relu = network.Find("layer");
        using var session = new ReferenceSession(network, new SessionOptions());
        session.ImposeRelu(relu, [false, true, false, true]);
        session.Forward([1, 2, -3, -4]);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, new float[] { 1, 2, 3, 4 }));
        CollectionAssert.AreEqual(new float[] { 1, 2, 0, 0 }, session.Logits());
        CollectionAssert.AreEqual(new float[] { 0, 2, 0, 4 }, session.InputGradient());
        Assert.AreEqual(2, session.ImposedDifferences());
    }

    [TestMethod]
    public void ImposePool_OtherSwitches_RouteGradients()
    {
        Network network = TinyNets.Single(new MaxPool2d(Window.Square(2, stride: 2)), 1, 4);
        Node pool = network.Find("layer");
        using var session = new ReferenceSession(network, new SessionOptions { Height = 2, Width = 4 });
        session.Forward([1, 2, 3, 4, 5, 6, 7, 8]);
        session.ImposePool(pool, [0, 7]);
        Assert.AreEqual(1, session.ImposedDifferences());
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, new float[] { 1, 2 }));
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 0, 0, 0, 0, 2 }, session.InputGradient());
    }

    [TestMethod]
    public void Impose_WhatDoesNotFit_IsRefused()
    {
        Network network = TinyNets.Single(new MaxPool2d(Window.Square(2, stride: 2)), 1, 4);
        Node pool = network.Find("layer");
        using var session = new ReferenceSession(network, new SessionOptions());
        Assert.ThrowsExactly<ArgumentException>(() => session.ImposeRelu(pool, new bool[4]));
        Assert.ThrowsExactly<ArgumentException>(() => session.ImposePool(pool, new int[3]));
        Assert.ThrowsExactly<ArgumentException>(() => session.ImposePool(pool, [0, 0, 0, 16]));
    }

    [TestMethod]
    public void ImposeDecisions_AnotherInput_TakesItsGradient()
    {
        // A piecewise linear network's gradient depends on its decisions only: with those of x, any point has the gradient at x.
        Network network = TinyNets.Vgg();
        var options = new SessionOptions { Keep = [.. network.Nodes] };
        using var session = new ReferenceSession(network, options);
        using var other = new ReferenceSession(network, options);
        var seed = new Seed(network.Output, new Gaussian(2).Values(network.Classes));
        other.Forward(new Gaussian(3).Values(other.InputShape.Count));
        other.Backward(ReluRules.Vanilla, default, seed);
        session.Forward(new Gaussian(4).Values(session.InputShape.Count));
        Assert.IsTrue(session.ImposeDecisions(other) > 100);
        session.Backward(ReluRules.Vanilla, default, seed);
        CollectionAssert.AreEqual(other.GradientExact(network.Input), session.GradientExact(network.Input));
    }

    [TestMethod]
    public void Dispose_ThenUse_IsRefused()
    {
        Network network = TinyNets.Probabilities();
        var session = new ReferenceSession(network, new SessionOptions());
        session.Forward(new float[6]);
        session.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => session.Forward(new float[6]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => session.Logits());
    }
}
