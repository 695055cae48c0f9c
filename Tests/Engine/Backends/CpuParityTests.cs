using Interp.Engine.Backends;
using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Backends;

/// <summary>The CPU backend with the machine's widest instruction set, choosing its own convolution algorithm.</summary>
[TestClass]
public sealed class CpuParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads });
}
