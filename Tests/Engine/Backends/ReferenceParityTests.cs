using Interp.Engine.Backends;
using Interp.Engine.Reference;

namespace Interp.Tests.Engine.Backends;

/// <summary>
/// The reference through the float32 interface: everything that does not compare it with itself, and rounding of what it hands out.
/// </summary>
[TestClass]
public sealed class ReferenceParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => new ReferenceBackend();
}
