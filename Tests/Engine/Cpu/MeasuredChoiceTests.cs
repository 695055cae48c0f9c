using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Cpu;

/// <summary>A measured choice tries both ways, for layers that take turns too, and stays with the faster.</summary>
[TestClass]
public sealed class MeasuredChoiceTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Run_AfterTheTrials_TakesTheFasterWay(bool faster)
    {
        var choice = new MeasuredChoice();
        var taken = new List<bool>();
        for (int run = 0; run < MeasuredChoice.Trials + 5; run++)
        {
            choice.Run(1, second =>
            {
                taken.Add(second);
                Thread.Sleep(second == faster ? 0 : 20); // The best of twelve runs that do nothing takes less on any machine.
            });
        }

        CollectionAssert.AreEqual(new[] { faster, faster, faster, faster, faster }, taken[MeasuredChoice.Trials..]);
    }

    [TestMethod]
    public void Run_TwoThatTakeTurns_TriesBothWaysWithEach()
    {
        var choice = new MeasuredChoice();
        var taken = new List<bool>();
        for (int run = 0; run < MeasuredChoice.Trials; run++)
        {
            choice.Run(1, taken.Add);
        }

        foreach (int member in (int[])[0, 1])
        {
            bool[] ways = [.. taken.Where((_, run) => run % 2 == member)];
            Assert.AreEqual(MeasuredChoice.Trials / 4, ways.Count(second => second), $"member {member}");
            Assert.AreEqual(MeasuredChoice.Trials / 4, ways.Count(second => !second), $"member {member}");
        }
    }
}
