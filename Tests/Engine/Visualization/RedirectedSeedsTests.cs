using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Visualization;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

[TestClass]
public sealed class RedirectedSeedsTests : IDisposable
{
    private static readonly Network Net = TinyNets.Vgg();
    private static readonly Node Convolution = Net.Find("conv1_1");
    private static readonly Node Relu = Net.Find("relu1_1");

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose() => _backend.Dispose();

    [TestMethod]
    public void WithInputs_ReLUs_BringWhatTheyRead() =>
        CollectionAssert.AreEqual((Node[])[Relu, Convolution, Net.Output],
        RedirectedSeeds.WithInputs(Net, [Relu, Net.Output, Convolution]).ToArray());

    [TestMethod]
    public void Of_SeedAtReLU_MovesToItsInputByTheRule()
    {
        using Session session = Open();
        Seed[] seeds = [SeedAt(session, Relu, 92), SeedAt(session, Net.Output, 93)];

        Seed[] moved = RedirectedSeeds.Of(session, seeds);

        Assert.AreEqual(Convolution, moved[0].Node);
        Assert.AreEqual(seeds[1], moved[1]);
        float[] x = session.Activation(Convolution), r = seeds[0].Gradient.ToArray(), found = moved[0].Gradient.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Assert.AreEqual(x[i] > 0 || r[i] > 0 ? r[i] : 0, found[i]);
        }
    }

    [TestMethod]
    public void Of_ReLUThatBlocksEverything_PassesTheTrueGradientOfItsInput()
    {
        using Session session = Open();
        float[] x = session.Activation(Convolution), silent = Array.ConvertAll(x, v => v > 0 ? 0f : 1f);
        session.Backward(ReluRules.Vanilla, default, new Seed(Relu, silent));
        Assert.IsTrue(Array.TrueForAll(session.InputGradient(), g => g == 0));

        session.Backward(ReluRules.Vanilla, default, RedirectedSeeds.Of(session, [new Seed(Relu, silent)]));
        float[] found = session.InputGradient();
        session.Backward(ReluRules.Vanilla, default, new Seed(Convolution, silent));

        CollectionAssert.AreEqual(session.InputGradient(), found);
        Assert.IsTrue(Array.Exists(found, g => g != 0));
    }

    private Session Open()
    {
        Session session = _backend.Open(Net, new SessionOptions { Keep = [Relu, Convolution] });
        session.Forward(new Gaussian(91).Values(session.InputShape.Count));
        return session;
    }

    private static Seed SeedAt(Session session, Node node, int seed) => new(node, new Gaussian(seed).Values(session.ShapeOf(node).Count));
}
