using Interp.Engine.Backends;

namespace Interp.Tests.Engine.Backends;

[TestClass]
public sealed class MemoryPlanTests
{
    [TestMethod]
    public void Place_ChainOfEqualBuffers_TwoPlacesAreEnough()
    {
        var plan = new MemoryPlan();
        MemoryPlan.Buffer[] chain = [.. Enumerable.Range(0, 10).Select(i => plan.Add(1024, i, i + 1))];

        plan.Place();

        Assert.AreEqual(2048, plan.Bytes);
        Assert.AreEqual(10240, plan.BytesUnshared);
        Assert.AreEqual(chain[0].Offset, chain[2].Offset);
    }

    [TestMethod]
    public void Place_RandomLifetimes_NeverOverlap()
    {
        var random = new Random(5);
        for (int round = 0; round < 50; round++)
        {
            var plan = new MemoryPlan();
            var buffers = new List<MemoryPlan.Buffer>();
            for (int i = 0; i < 40; i++)
            {
                int first = random.Next(30);
                buffers.Add(plan.Add(random.Next(1, 5000), first, random.Next(4) == 0 ? MemoryPlan.Forever : first + random.Next(6)));
            }

            plan.Place();

            foreach (MemoryPlan.Buffer a in buffers)
            {
                Assert.IsLessThanOrEqualTo(plan.Bytes, a.Offset + a.Bytes);
                foreach (MemoryPlan.Buffer b in buffers.Where(b => b != a && a.First <= b.Last && b.First <= a.Last))
                {
                    Assert.IsTrue(a.Offset + a.Bytes <= b.Offset || b.Offset + b.Bytes <= a.Offset,
                        "two buffers alive at once share bytes");
                }
            }
        }
    }
}
