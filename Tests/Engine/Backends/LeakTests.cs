using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

[TestClass]
[DoNotParallelize]
public sealed class LeakTests
{
    [TestMethod]
    [DataRow(ConvChoice.Direct, MemoryUse.Normal)]
    [DataRow(ConvChoice.Direct, MemoryUse.Low)]
    [DataRow(ConvChoice.Winograd, MemoryUse.Normal)]
    public void Cpu_SessionsOpenedAndClosed_GiveAllMemoryBack(ConvChoice convolution, MemoryUse memory)
    {
        Network network = TinyNets.Vgg();
        LeakCheck.Run(() =>
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = 2, Convolution = convolution, Memory = memory });
            for (int i = 1; i <= 3; i++)
            {
                using Session session = backend.Open(network, new SessionOptions { Batch = i });
                session.Forward(new float[session.InputShape.Count]);
                session.Backward(ReluRules.Guided, default, new Seed(network.Output, new float[i * network.Classes]));
            }
        });
        GC.KeepAlive(network);
    }

    [TestMethod]
    public void Cpu_Cancelled_GivesAllMemoryBack()
    {
        Network network = TinyNets.Diamond();
        LeakCheck.Run(() =>
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
            using Session session = backend.Open(network, new SessionOptions());
            var cancelled = new CancellationToken(canceled: true);
            Assert.ThrowsExactly<OperationCanceledException>(() => session.Forward(new float[session.InputShape.Count], cancelled));
        });
        GC.KeepAlive(network);
    }
}
