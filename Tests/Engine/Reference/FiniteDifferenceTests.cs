using Interp.Engine.Graph;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Reference;

[TestClass]
public sealed class FiniteDifferenceTests
{
    [TestMethod]
    [DynamicData(nameof(KernelCases.Names), typeof(KernelCases))]
    public void Backward_AnyCase_IsTheDerivativeOfForward(string name)
    {
        KernelCase c = KernelCases.Find(name);
        Network network = c.Network();

        // Normal inputs: the chance that one of some 1e5 decisions lies within 1e-5 of its tie along a direction is small, and the seed is
        // fixed.
        FiniteDifference.Check(network, c.Options, Array.ConvertAll(c.Input(network), v => (double)v), seed: 11);
    }
}
