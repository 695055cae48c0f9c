using Interp.Engine.Backends;
using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Backends;

/// <summary>The CPU backend with filters packed for each run.</summary>
[TestClass]
public sealed class CpuLowMemoryParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads, Memory = MemoryUse.Low });
}
