using Interp.Engine.Backends;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

/// <summary>
/// What every float32 backend must do, case by case, measured against the reference. A backend is tested by one class derived from this.
/// </summary>
[TestClass]
public abstract class BackendParityTests
{
    private const string Reason = ParityCheck.Reason;

    /// <summary>Opens the backend.</summary>
    /// <param name="threads">Number of threads.</param>
    protected abstract IBackend Open(int threads);

    [TestMethod]
    [DynamicData(nameof(KernelCases.Names), typeof(KernelCases))]
    public void Passes_AnyCase_MatchTheReference(string name)
    {
        using IBackend backend = Open(threads: 1);
        ParityCheck.MatchesTheReference(backend, KernelCases.Find(name));
    }

    [TestMethod]
    [DynamicData(nameof(KernelCases.Names), typeof(KernelCases))]
    public void Passes_OneAndThreeThreads_GiveTheSameBits(string name)
    {
        KernelCase c = KernelCases.Find(name);
        Network network = c.Network();
        using IBackend one = Open(threads: 1);
        using IBackend three = Open(threads: 3);
        using Session first = one.Open(network, c.Options);
        using Session second = three.Open(network, c.Options);
        float[] input = c.Input(network);
        first.Forward(input);
        second.Forward(input);
        TensorAssert.SameBits(first.Logits(), second.Logits(), "logits");
        foreach (ReluRule rule in ParityCheck.Rules(network))
        {
            first.Backward(rule, default, Upstream(first));
            second.Backward(rule, default, Upstream(first));
            TensorAssert.SameBits(first.InputGradient(), second.InputGradient(), rule.Name);
        }
    }

    [TestMethod]
    public void Session_UsedAgain_GivesTheBitsOfAFreshOne()
    {
        Network network = TinyNets.Diamond();
        var options = new SessionOptions { Batch = 2, Keep = [network.Find("sum"), network.Find("narrow")] };
        using IBackend backend = Open(threads: 2);
        using Session used = backend.Open(network, options);
        float[] other = new Gaussian(20).Values(used.InputShape.Count);
        float[] input = new Gaussian(21).Values(used.InputShape.Count);
        used.Forward(other);
        used.Backward(ReluRules.Deconvnet, default, Upstream(used));
        Node narrow = network.Find("narrow");
        used.Backward(ReluRules.Vanilla, default, new Seed(narrow, new Gaussian(22).Values(used.ShapeOf(narrow).Count)));
        used.Forward(input);

        using Session fresh = backend.Open(network, options);
        fresh.Forward(input);
        TensorAssert.SameBits(fresh.Logits(), used.Logits(), "logits");
        foreach (ReluRule rule in (ReluRule[])[ReluRules.Guided, ReluRules.Vanilla, ReluRules.Guided])
        {
            used.Backward(rule, default, Upstream(used));
            using Session single = backend.Open(network, options);
            single.Forward(input);
            single.Backward(rule, default, Upstream(used));
            TensorAssert.SameBits(single.InputGradient(), used.InputGradient(), $"{rule.Name} gradient at the input");
            TensorAssert.SameBits(single.Gradient(network.Find("sum")), used.Gradient(network.Find("sum")),
                $"{rule.Name} gradient at the sum");
            TensorAssert.SameBits(single.Activation(network.Find("sum")), used.Activation(network.Find("sum")),
                $"activation after {rule.Name}");
        }
    }

    [TestMethod]
    public void Forward_BatchOfThree_IsThreeSingleImages()
    {
        Network network = TinyNets.Vgg();
        using IBackend backend = Open(threads: 2);
        using Session batch = backend.Open(network, new SessionOptions { Batch = 3 });
        using Session single = backend.Open(network, new SessionOptions());
        float[] input = new Gaussian(30).Values(batch.InputShape.Count);
        batch.Forward(input);
        batch.Backward(ReluRules.Guided, default, new Seed(network.Output, Upstream(batch).Gradient));
        int image = input.Length / 3;
        int classes = network.Classes;
        for (int n = 0; n < 3; n++)
        {
            single.Forward(input.AsSpan(n * image, image));
            single.Backward(ReluRules.Guided, default, new Seed(network.Output, Upstream(batch).Gradient.Slice(n * classes, classes)));
            TensorAssert.RelativeL2(single.Logits(), batch.Logits()[(n * classes)..((n + 1) * classes)], 5e-6, Reason);
            TensorAssert.RelativeL2(single.InputGradient(), batch.InputGradient()[(n * image)..((n + 1) * image)], 5e-6, Reason);
        }
    }

    [TestMethod]
    public void Backward_SeedsAtSeveralNodes_AddUp() =>
        SeedsAddUp(TinyNets.Diamond(), "pool", "sum_relu", "dead_end");

    [TestMethod]
    public void Backward_SeedsBesideAScaledMap_AddUp() =>
        SeedsAddUp(FusedNets.Excited(ActivationFunctions.SiLU), "squeeze", "scaled", "map");

    [TestMethod]
    public void Backward_SeedsBesideMovedChannels_AddUp() =>
        SeedsAddUp(FusedNets.Shuffles(), "relu1", "shuffled2", "kept3");

    private void SeedsAddUp(Network network, params string[] names)
    {
        Node[] seeded = [network.Output, .. names.Select(n => network.Find(n))];
        SeedsAddUp(network, seeded, new SessionOptions { Keep = [.. network.Nodes] });
        SeedsAddUp(network, seeded, new SessionOptions { Keep = [.. seeded] });
        SeedsAddUp(network, seeded[..3], new SessionOptions { Keep = [.. seeded[..3]] });
    }

    private void SeedsAddUp(Network network, Node[] seeded, SessionOptions options)
    {
        var all = new SessionOptions { Keep = [.. network.Nodes] };
        using IBackend backend = Open(threads: 2);
        using Session session = backend.Open(network, options);
        using Session whole = backend.Open(network, all);
        using var reference = new ReferenceSession(network, all);
        float[] input = new Gaussian(40).Values(session.InputShape.Count);
        Seed[] seeds = [.. seeded.Select((node, i) => new Seed(node, new Gaussian(41 + i).Values(session.ShapeOf(node).Count)))];
        session.Forward(input);
        whole.Forward(input);
        reference.Forward(input);
        _ = reference.ImposeDecisions(whole);
        foreach (Seed[] some in (Seed[][])[seeds, seeds[1..3], seeds[1..2], seeds[2..], [seeds[2], seeds[2]]])
        {
            session.Backward(ReluRules.Guided, default, some);
            reference.Backward(ReluRules.Guided, default, some);
            foreach (Node node in options.Keep.Append(network.Input))
            {
                TensorAssert.RelativeL2(reference.GradientExact(node), session.Gradient(node), 5e-6, $"{node.Name}, {Reason}");
            }
        }
    }

    [TestMethod]
    public void Backward_SeedAtAnInnerNode_LeavesLaterNodesAtZero()
    {
        Network network = TinyNets.Vgg();
        Node inner = network.Find("relu1_0");
        Node later = network.Find("relu2_1");
        using IBackend backend = Open(threads: 2);
        using Session session = backend.Open(network, new SessionOptions { Keep = [inner, later] });
        session.Forward(new Gaussian(50).Values(session.InputShape.Count));
        session.Backward(ReluRules.Vanilla, default, Upstream(session));
        Assert.IsTrue(Array.Exists(session.Gradient(later), g => g != 0));

        session.Backward(ReluRules.Vanilla, default, new Seed(inner, new Gaussian(51).Values(session.ShapeOf(inner).Count)));
        Assert.IsTrue(Array.TrueForAll(session.Gradient(later), g => g == 0));
        Assert.IsTrue(Array.TrueForAll(session.Gradient(network.Output), g => g == 0));
        Assert.IsTrue(Array.Exists(session.InputGradient(), g => g != 0));
    }

    [TestMethod]
    public void MaxPool_TiesAndNaN_RouteAsInPyTorch()
    {
        Network network = TinyNets.Single(new MaxPool2d(Window.Square(2, stride: 2)), 1, 4);
        using IBackend backend = Open(threads: 1);
        using Session session = backend.Open(network, new SessionOptions());
        session.Forward([5, 5, 1, 2, 5, 5, 2, 1, float.NaN, 1, -3, -4, 7, 1, -1, -1]);
        CollectionAssert.AreEqual(new float[] { 5, 2, float.NaN, -1 }, session.Logits());
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, new float[] { 1, 2, 3, 4 }));
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 4, 0 }, session.InputGradient());
    }

    [TestMethod]
    public void Relu_SpecialValues_FollowTheDefinition()
    {
        Network network = TinyNets.Single(new ReLU(), 1, 3);
        using IBackend backend = Open(threads: 1);
        using Session session = backend.Open(network, new SessionOptions());
        session.Forward([0, -0f, 1e-40f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, -1, 2]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 1e-40f, float.NaN, float.PositiveInfinity, 0, 1, 0, 2 }, session.Logits());
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, new float[] { 1, 1, 1, 1, 1, 1, 1, 1, -1 }));
        CollectionAssert.AreEqual(new float[] { 0, 0, 1, 0, 1, 0, 1, 0, -1 }, session.InputGradient());
    }

    [TestMethod]
    public void Forward_Cancelled_StopsAndCanBeUsedAgain()
    {
        Network network = TinyNets.Vgg();
        using IBackend backend = Open(threads: 2);
        using Session session = backend.Open(network, new SessionOptions());
        float[] input = new Gaussian(60).Values(session.InputShape.Count);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => session.Forward(input, cancelled.Token));
        Assert.ThrowsExactly<InvalidOperationException>(() => session.Backward(ReluRules.Vanilla, default, Upstream(session)));
        session.Forward(input);
        Assert.ThrowsExactly<OperationCanceledException>(() => session.Backward(ReluRules.Vanilla, cancelled.Token, Upstream(session)));
        session.Backward(ReluRules.Vanilla, default, Upstream(session));
        Assert.IsTrue(Array.Exists(session.InputGradient(), g => g != 0));
    }

    [TestMethod]
    public void Misuse_AnyKind_IsNamed()
    {
        Network network = TinyNets.Vgg();
        Node inner = network.Find("relu0_0");
        using IBackend backend = Open(threads: 1);
        using Session session = backend.Open(network, new SessionOptions());
        using Session forwardOnly = backend.Open(network, new SessionOptions { Backward = false });
        float[] input = new Gaussian(70).Values(session.InputShape.Count);
        Assert.ThrowsExactly<ArgumentException>(() => session.Forward(input.AsSpan(1)));
        Assert.ThrowsExactly<InvalidOperationException>(() => session.Backward(ReluRules.Vanilla, default, Upstream(session)));
        session.Forward(input);
        forwardOnly.Forward(input);
        TensorAssert.SameBits(session.Logits(), forwardOnly.Logits(), "logits without Backward");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => session.Activation(inner)).Message,
            "'relu0_0' is not kept");
        Assert.ThrowsExactly<InvalidOperationException>(() => forwardOnly.Backward(ReluRules.Vanilla, default, Upstream(session)));
        Assert.ThrowsExactly<ArgumentException>(() => session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, new float[1])));
    }

    private static Seed Upstream(Session session) => ParityCheck.Upstream(session);
}
