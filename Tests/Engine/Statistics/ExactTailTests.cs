using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Statistics;

[TestClass]
public sealed class ExactTailTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(250)]
    [DataRow(5000)]
    public void Largest_OfAnyBatches_IsTheSortedArrays(int count)
    {
        // Rounded, so that there are ties; a third are zeros, as behind a ReLU.
        var rng = new Rng(9);
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => (float)Math.Max(0, Math.Round(40 * rng.Gaussian((ulong)i)) / 40))];
        float[] sorted = [.. values.Order().Skip(values.Length - count)];
        foreach (int batch in new[] { 1, 13, 999, 5000 })
        {
            foreach (bool reversed in new[] { false, true })
            {
                var tail = new ExactTail(count);
                foreach (float[] part in (reversed ? values.Reverse() : values).Chunk(batch))
                {
                    tail.Add(part);
                }

                CollectionAssert.AreEqual(sorted, tail.Largest.ToArray(), $"batches of {batch}");
                Assert.AreEqual(sorted[0], tail.Threshold);
                Assert.AreEqual(5000, tail.Seen);
            }
        }
    }

    [TestMethod]
    public void State_GoesOn()
    {
        var rng = new Rng(4);
        float[] values = [.. Enumerable.Range(0, 300).Select(i => (float)rng.Gaussian((ulong)i))];
        var whole = new ExactTail(20);
        whole.Add(values);
        var first = new ExactTail(20);
        first.Add(values.AsSpan(0, 110));

        var second = new ExactTail(20, first.Largest, first.Seen);
        second.Add(values.AsSpan(110));

        CollectionAssert.AreEqual(whole.Largest.ToArray(), second.Largest.ToArray());
        Assert.AreEqual(300, second.Seen);
        Assert.ThrowsExactly<ArgumentException>(() => new ExactTail(5, [1, 2], 3));
    }

    [TestMethod]
    [DataRow(3f)]
    [DataRow(0f)]
    [DataRow(-0f)]
    public void ConstantAndDeadUnits_HaveTheirValueAsThreshold(float value)
    {
        var tail = new ExactTail(4);
        tail.Add([.. Enumerable.Repeat(value, 100)]);
        Assert.AreEqual(BitConverter.SingleToInt32Bits(value + 0f), BitConverter.SingleToInt32Bits(tail.Threshold));
        Assert.HasCount(4, tail.Largest.ToArray());
    }

    [TestMethod]
    public void FewerThanAsked_HaveNoThreshold()
    {
        var tail = new ExactTail(4);
        tail.Add([1, 2, 3]);
        Assert.AreEqual(float.NegativeInfinity, tail.Threshold);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, tail.Largest.ToArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(50)]
    public void NaN_IsRefusedInOneLine(int before)
    {
        var tail = new ExactTail(4);
        tail.Add([.. Enumerable.Repeat(1f, before)]);
        string message = Assert.ThrowsExactly<InputException>(() => tail.Add([0, float.NaN])).Message;
        Assert.Contains("NaN", message);
        Assert.DoesNotContain('\n', message);
    }
}
