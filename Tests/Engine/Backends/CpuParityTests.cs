using Interp.Engine.Backends;
using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Backends;

/// <summary>The CPU backend with the machine's widest instruction set, choosing its own convolution algorithm.</summary>
[TestClass]
public sealed class CpuParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads });
}

/// <summary>256-bit registers.</summary>
[TestClass]
public sealed class CpuAvx2ParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads, InstructionSet = InstructionSet.Avx2 });
}

/// <summary>128-bit registers, or scalar code.</summary>
[TestClass]
public sealed class CpuVector128ParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads, InstructionSet = InstructionSet.Vector128 });
}

/// <summary>Direct convolution everywhere.</summary>
[TestClass]
public sealed class CpuDirectParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads, Convolution = ConvChoice.Direct });
}

/// <summary>Winograd wherever it can compute.</summary>
[TestClass]
public sealed class CpuWinogradParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new CpuBackend(new CpuOptions { Threads = threads, Convolution = ConvChoice.Winograd });
}
