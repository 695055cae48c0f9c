using Interp.Engine.Cpu;

namespace Interp.Tests.Engine.Cpu;

[TestClass]
public sealed class WorkerPoolTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(7)]
    public void Run_AnyThreads_EachTaskOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        var counts = new int[1000];

        pool.Run(counts.Length, (task, worker) =>
        {
            Assert.IsInRange(0, threads - 1, worker);
            Interlocked.Increment(ref counts[task]);
        });

        Assert.IsTrue(counts.All(c => c == 1));
    }

    /// <summary>
    /// A lost wake-up shows as a hang: many small jobs, with pauses of all lengths around the moment at which workers go from spinning to sleeping.
    /// </summary>
    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = false)]
    public void Run_ManyJobsWithPauses_NoneIsLost()
    {
        using var pool = new WorkerPool(3);
        long done = 0;
        for (int job = 0; job < 6_000; job++)
        {
            pool.Run(3, (_, _) => Interlocked.Increment(ref done));
            Thread.SpinWait(job % 97 * (job % 11 == 0 ? 300 : 3));
        }

        Assert.AreEqual(18_000, done);
    }

    [TestMethod]
    public void Run_TaskThrows_CallerGetsItAndPoolGoesOn()
    {
        using var pool = new WorkerPool(2);

        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() =>
            pool.Run(100, (task, _) => throw new InvalidOperationException($"task {task}")));
        int done = 0;
        pool.Run(10, (_, _) => Interlocked.Increment(ref done));

        StringAssert.StartsWith(e.Message, "task ");
        Assert.AreEqual(10, done);
    }

    [TestMethod]
    public void Run_FromSeveralThreads_JobsDoNotMix()
    {
        using var pool = new WorkerPool(2);
        var sums = new long[4];

        Parallel.For(0, 4, caller =>
        {
            for (int i = 0; i < 200; i++)
            {
                pool.Run(5, (task, _) => Interlocked.Add(ref sums[caller], task));
            }
        });

        Assert.IsTrue(sums.All(s => s == 200 * 10));
    }
}
