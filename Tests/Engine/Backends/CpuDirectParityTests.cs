using Interp.Engine.Backends;
using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Backends;

/// <summary>The CPU backend with direct convolution wherever it can run.</summary>
[TestClass]
public sealed class CpuDirectParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads, Convolution = ConvChoice.Direct });
}
