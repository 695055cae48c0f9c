using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class ExplainerTests
{
    private static readonly Network Net = TinyNets.Vgg();

    [TestMethod]
    [DataRow(1, 8, 1)]
    [DataRow(10, 8, 10)]
    [DataRow(9, 4, 9)]
    [DataRow(11, 4, 11)]
    [DataRow(50, 8, 50)]
    [DataRow(627, 8, 627)]
    [DataRow(1001, 8, 1001)]
    [DataRow(7, 50, 7)]
    public void Batches_AnyCount_RunEachInputOnceAndNothingElse(int count, int most, int forward)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = most });
        var seen = new List<int>();
        var logits = new List<float[]>();

        explainer.Batches(count, (32, 32), false, [], Fill, (session, first, n) =>
        {
            Assert.AreEqual(session.InputShape[0], n, "no row is unused");
            Assert.IsLessThanOrEqualTo(most, n);
            seen.AddRange(Enumerable.Range(first, n));
            logits.AddRange(session.Logits().Chunk(Net.Classes).Take(n));
        }, null, default);

        CollectionAssert.AreEqual(Enumerable.Range(0, count).ToArray(), seen);
        Assert.AreEqual(new Work(forward, 0), explainer.Work);
        using Session alone = backend.Open(Net, new SessionOptions { Backward = false });
        var input = new float[alone.InputShape.Count];
        Fill(count - 1, input);
        alone.Forward(input);
        TensorAssert.RelativeL2(alone.Logits(), logits[^1], 1e-5, "float32 sums; a batch may choose another convolution algorithm");
    }

    [TestMethod]
    public void Scores_InputsMadeInAnyOrder_AreTheSameBits()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 3 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 4 });
        AttributionRequest request = Requests.Of(explainer, "vanilla", new ClassTarget(2));
        var made = new int[11];

        double[] found = request.Scores(made.Length, (i, x) =>
        {
            Interlocked.Increment(ref made[i]);
            Fill(i, x);
        }, inAnyOrder: true);

        CollectionAssert.AreEqual(request.Scores(made.Length, Fill), found);
        Assert.IsTrue(made.All(times => times == 1), "each input once");
    }

    [TestMethod]
    public void Read_IntoMemoryOfTheCallers_IsWhatAnArrayHolds()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Net, backend);
        AttributionRequest request = Requests.Of(explainer, "vanilla", new ClassTarget(1));
        Node node = Net.Find("relu1_1");
        Session session = request.Forward(node);
        session.Backward(ReluRules.Vanilla, default, request.Target.Seed(session));
        float[] values = new float[session.ShapeOf(node).Count], input = new float[session.InputShape.Count];

        session.Activation(node, values);
        TensorAssert.SameBits(session.Activation(node), values, "activation");
        session.Gradient(node, values);
        TensorAssert.SameBits(session.Gradient(node), values, "gradient");
        session.InputGradient(input);
        TensorAssert.SameBits(session.InputGradient(), input, "gradient at the input");
        Assert.Contains("has shape", Assert.ThrowsExactly<ArgumentException>(() => session.Activation(node, new float[3])).Message);
        Assert.Contains("not kept",
            Assert.ThrowsExactly<InvalidOperationException>(() => session.Gradient(Net.Find("conv1_1"), new float[3])).Message);
    }

    [TestMethod]
    public void Batches_OfAPartThatHoldsLess_AreLarger()
    {
        using var backend = new CountingBackend();
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 2 });
        Network head = new NetworkBuilder(5).Then("flat", new Flatten()).BuildPart("head", 1);
        var sizes = new List<int>();

        explainer.Batches(head, 40, (1, 1), false, [], (_, x) => x.Clear(), (_, _, n) => sizes.Add(n), null, default);

        CollectionAssert.AreEqual((int[])[16, 16, 8], sizes, "up to eight times as many");
    }

    [TestMethod]
    public void Gradients_OfABatch_AreThoseOfEachInputAlone()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 3 });
        AttributionRequest request = Requests.Of(explainer, "vanilla", new ClassTarget(2, Against: 5));

        var gradients = new float[5][];
        request.Gradients(5, ReluRules.Guided, Fill, (i, g, _) => gradients[i] = g.ToArray());

        var input = new float[gradients[0].Length];
        Fill(4, input);
        float[] alone = (request with { Input = request.Input with { Tensor = input } }).Gradient(ReluRules.Guided);
        TensorAssert.RelativeL2(alone, gradients[4], 1e-5, "float32 sums; no decision lies so near that another algorithm would turn it");
    }

    [TestMethod]
    public void MemoryLimit_BelowOneImage_SaysWhatItNeeds()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { MemoryLimit = 1000 });

        BackendException e = Assert.ThrowsExactly<BackendException>(() => Requests.Of(explainer, "vanilla", new ClassTarget(0)).Forward());

        Assert.Contains("memory limit", e.Message);
    }

    [TestMethod]
    public void MemoryLimit_BetweenOneAndEight_MakesBatchesSmaller()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        long one;
        using (Session session = backend.Open(Net, new SessionOptions { Backward = false }))
        {
            one = session.Bytes;
        }

        using var explainer = new Explainer(Net, backend, new ExplainerOptions { MemoryLimit = 5 * one });
        int largest = 0;
        explainer.Batches(16, (32, 32), false, [], Fill, (session, _, _) => largest = Math.Max(largest, session.InputShape[0]), null,
            default);

        Assert.IsTrue(largest is >= 2 and <= 5, $"a batch of {largest} at a limit of five images");
    }

    [TestMethod]
    public void Batches_OfOneImageAfterAnother_OpenNoSessionTwice()
    {
        using var backend = new CountingBackend();
        using var explainer = new Explainer(Net, backend, new ExplainerOptions { Batch = 8 });
        NetworkInput image = Requests.RandomInput(32, 1);

        for (int i = 0; i < 3; i++)
        {
            explainer.Forward(image with { FileHash = $"{i}" }, [], default);
            explainer.Batches(50, (32, 32), true, [], Fill, (_, _, _) => { }, null, default);
            explainer.Batches(27, (32, 32), false, [], Fill, (_, _, _) => { }, null, default);
        }

        Assert.AreEqual(5, backend.Opened, "the image's own, batches of 8 and 2 with gradients, of 8 and 3 without");
    }

    [TestMethod]
    public void Batches_UnderALimit_StayWithinItAndRunEachInputOnce()
    {
        using var backend = new CountingBackend();
        long one;
        using (Session session = backend.Open(Net, new SessionOptions()))
        {
            one = session.Bytes;
        }

        using var explainer = new Explainer(Net, backend, new ExplainerOptions { MemoryLimit = 6 * one });
        explainer.Batches(23, (32, 32), true, [], Fill, (_, _, _) => Assert.IsLessThanOrEqualTo(6 * one, backend.Bytes), null, default);

        Assert.AreEqual(new Work(23, 0), explainer.Work);
    }

    [TestMethod]
    public void Release_ClosesEverything_AndTheNextPassOpensItAgain()
    {
        using var backend = new CountingBackend();
        using var explainer = new Explainer(Net, backend);
        NetworkInput image = Requests.RandomInput(32, 1);
        float[] before = explainer.Forward(image, [], default).Logits();

        explainer.Release();

        Assert.AreEqual(0, backend.Bytes);
        Assert.AreEqual(new Work(1, 0), explainer.Work, "what was run stays counted");
        TensorAssert.SameBits(before, explainer.Forward(image, [], default).Logits(), "the same image");
    }

    private static void Fill(int index, Span<float> input)
    {
        var rng = new Rng(7, (ulong)index);
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = (float)rng.Gaussian((ulong)i);
        }
    }
}
