using Interp.Engine.Backends;
using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Backends;

/// <summary>The CPU backend with winograd convolution wherever it can run.</summary>
[TestClass]
public sealed class CpuWinogradParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) =>
        new CpuBackend(new CpuOptions { Threads = threads, Convolution = ConvChoice.Winograd });
}
