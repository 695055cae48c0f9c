using System.Globalization;
using System.Numerics;
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
    /// A lost wake-up shows as a hang: many small jobs, with pauses of all lengths around the moment at which workers go from spinning to
    /// sleeping.
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
    [Timeout(60_000, CooperativeCancellation = false)]
    public void Run_ManyPoolsAtOnceBesideBusyThreads_AllFinish()
    {
        using var stop = new CancellationTokenSource();
        Thread[] host = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.SpinWait(1000);
            }
        }))];
        Array.ForEach(host, t => t.Start());
        var done = new long[6];

        Thread[] callers = [.. done.Select((_, i) => new Thread(() =>
        {
            for (int life = 0; life < 4; life++)
            {
                using var pool = new WorkerPool(1 + (i + life) % 4);
                for (int job = 0; job < 50; job++)
                {
                    pool.Run(7, (_, _) => Interlocked.Increment(ref done[i]));
                    Thread.SpinWait(job % 7 * 40);
                }
            }
        }))];
        Array.ForEach(callers, t => t.Start());
        Array.ForEach(callers, t => t.Join());
        stop.Cancel();
        Array.ForEach(host, t => t.Join());

        Assert.IsTrue(done.All(n => n == 4 * 50 * 7));
    }

    [TestMethod]
    [Timeout(30_000, CooperativeCancellation = false)]
    public void Dispose_FreshIdleOrAsleep_EndsTheThreads()
    {
        for (int life = 0; life < 60; life++)
        {
            var pool = new WorkerPool(3);
            if (life % 3 > 0)
            {
                pool.Run(6, (_, _) => { });
            }

            Thread.Sleep(life % 3 == 2 ? 5 : 0);
            pool.Dispose();
            pool.Dispose();
        }
    }

    /// <summary>Measured on the workers themselves, so that neither other tests nor other programs count.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Run_Over_WorkersSleep()
    {
        using var pool = new WorkerPool(4);
        var ids = new int[4];
        using (var all = new Barrier(4))
        {
            pool.Run(4, (_, worker) =>
            {
                ids[worker] = ThreadId();
                all.SignalAndWait(TimeSpan.FromSeconds(20));
            });
        }

        Thread.Sleep(100);
        long before = ids[1..].Sum(ProcessorTicks);
        Thread.Sleep(400);
        long ticks = ids[1..].Sum(ProcessorTicks) - before;

        Assert.IsLessThanOrEqualTo(2, ticks, "three workers without work took hundredths of a second of processor time");
    }

    /// <summary>Workers are sent away from the caller's processor only while they wake up.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Run_WorkersHaveSlept_MayRunWhereTheirCallerMay()
    {
        using var pool = new WorkerPool(3);
        for (int pause = 0; pause < 20; pause++)
        {
            Thread.Sleep(pause % 4);
            var allowed = new string[3];
            using var all = new Barrier(3);

            pool.Run(3, (_, worker) =>
            {
                allowed[worker] = AllowedProcessors();
                all.SignalAndWait(TimeSpan.FromSeconds(20));
            });

            CollectionAssert.AreEqual(Enumerable.Repeat(AllowedProcessors(), 3).ToArray(), allowed);
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Placement_ThreadSent_IsKeptOffTheCallersProcessorUntilFreed()
    {
        if (ThreadPlacement.Here() is null)
        {
            Assert.Inconclusive("one processor only");
        }

        string sentToOne = "", sentAway = "", freed = "";
        var thread = new Thread(() =>
        {
            // The caller's processor is the one that this thread is on, so that what is left can be told: all others, or one other.
            ThreadPlacement placement = ThreadPlacement.Here()!;
            placement.Send(ThreadPlacement.ThreadId(), 1, threads: int.MaxValue);
            sentToOne = AllowedProcessors();
            placement.Send(ThreadPlacement.ThreadId(), 1, threads: 1);
            sentAway = AllowedProcessors();
            placement.Free();
            freed = AllowedProcessors();
        });
        thread.Start();
        thread.Join();

        Assert.AreEqual(AllowedProcessors(), freed);
        Assert.AreEqual(1, Processors(sentToOne));
        Assert.AreEqual(Processors(freed) - 1, Processors(sentAway));
        Assert.AreNotEqual(freed, sentToOne);
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

    /// <summary>Where the calling thread may run, as the kernel writes it: 32 processors a group of hexadecimal digits.</summary>
    private static string AllowedProcessors() =>
        File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal)).Split('\t')[
        1];

    private static int Processors(string mask) =>
        mask.Split(',').Sum(group => BitOperations.PopCount(uint.Parse(group, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    private static int ThreadId() => int.Parse(File.ResolveLinkTarget("/proc/thread-self", false)!.Name, CultureInfo.InvariantCulture);

    /// <summary>User and system time of one of this process's threads, in hundredths of a second.</summary>
    private static long ProcessorTicks(int thread)
    {
        string[] fields = File.ReadAllText($"/proc/self/task/{thread}/stat").Split(')')[^1].Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[11..13].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
    }
}
