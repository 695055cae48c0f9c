using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Cpu;

/// <summary>What the engine allocates, which it counts itself.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MemoryUseTests
{
    [TestMethod]
    [DataRow(MemoryUse.Normal)]
    [DataRow(MemoryUse.Low)]
    public void Bytes_BeforeTheFirstRun_AreThoseAfterTheLast(MemoryUse memory)
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 3, Memory = memory });
        LeakCheck.Collect();
        long before = NativeBuffer.LiveBytes;
        using Session session = backend.Open(network, new SessionOptions { Batch = 2 });
        long announced = session.Bytes;

        Run(session);

        Assert.AreEqual(announced, session.Bytes);
        long held = NativeBuffer.LiveBytes - before;
        if (memory == MemoryUse.Low)
        {
            Assert.AreEqual(announced, held, "nothing but the session is held");
        }
        else
        {
            Assert.IsGreaterThan(announced, held, "filters are held beside the session");
        }
    }

    [TestMethod]
    public void Low_WideNetwork_TakesLessThanHalf()
    {
        Network network = TinyNets.WideVgg();
        long normal = Held(network, MemoryUse.Normal);
        long low = Held(network, MemoryUse.Low);

        Assert.IsLessThan(normal / 2, low);
    }

    [TestMethod]
    public void Winograd_AfterAFewUses_KeepsTheFiltersOfThePassesThatRan()
    {
        Network network = TinyNets.WideVgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1, Convolution = ConvChoice.Winograd });
        LeakCheck.Collect();
        long before = NativeBuffer.LiveBytes;
        using Session session = backend.Open(network, new SessionOptions());
        long Filters() => NativeBuffer.LiveBytes - before - session.Bytes;
        for (int use = 0; use < WinogradFilters.LentUses; use++)
        {
            Run(session);
        }

        long lent = Filters();
        session.Forward(new float[session.InputShape.Count]);
        long forward = Filters();
        Run(session);
        long both = Filters();

        Assert.IsGreaterThan(0, lent);
        Assert.IsGreaterThan(lent, forward, "one layer's memory serves all at first");
        Assert.IsGreaterThan(forward * 3 / 2, both);
    }

    private static long Held(Network network, MemoryUse memory)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Memory = memory });
        LeakCheck.Collect();
        long before = NativeBuffer.LiveBytes;
        using Session session = backend.Open(network, new SessionOptions());
        Run(session);
        return NativeBuffer.LiveBytes - before;
    }

    private static void Run(Session session)
    {
        session.Forward(new float[session.InputShape.Count]);
        session.Backward(ReluRules.Vanilla, default,
            new Seed(session.Network.Output, new float[session.ShapeOf(session.Network.Output).Count]));
    }
}
