using System.Runtime.ExceptionServices;

namespace Interp.Engine.Cpu;

/// <summary>
/// A fixed set of threads that share out the numbered tasks of one job at a time. Which thread takes which task varies; tasks must not depend on it.
/// Workers spin briefly between jobs, since the next layer usually follows within microseconds, then sleep.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>Spins of a waiting worker before it sleeps: some tens of microseconds.</summary>
    private const int Spins = 2000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _gate = new();
    private Action<int, int>? _job;
    private int _count;
    private int _next;
    private int _busy;
    private int _generation;
    private int _sleeping;
    private volatile bool _stop;
    private ExceptionDispatchInfo? _failure;

    /// <summary>A pool of <paramref name="threads"/> threads, of which the caller of <see cref="Run"/> is one.</summary>
    public WorkerPool(int threads)
    {
        Threads = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"interp worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of threads, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Calls <paramref name="job"/>(task, worker) once for each task from 0 to count − 1, and returns when all are done.</summary>
    /// <param name="count">Number of tasks.</param>
    /// <param name="job">Gets the task's number and the worker's, 0 to Threads − 1. If a task throws, the first exception is thrown here.</param>
    public void Run(int count, Action<int, int> job)
    {
        lock (_gate)
        {
            if (_threads.Length == 0 || count <= 1)
            {
                for (int task = 0; task < count; task++)
                {
                    job(task, 0);
                }

                return;
            }

            _job = job;
            _count = count;
            _next = 0;
            _busy = _threads.Length;
            Interlocked.Increment(ref _generation); // A full fence: workers that see it see the job; and _sleeping is read after it.
            int sleeping = Volatile.Read(ref _sleeping);
            if (sleeping > 0)
            {
                _wake.Release(sleeping);
            }

            Take(0);
            SpinWait spin = default;
            while (Volatile.Read(ref _busy) != 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            _job = null;
            if (_failure is { } failure)
            {
                _failure = null;
                failure.Throw();
            }
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stop)
            {
                return;
            }

            _stop = true;
            Interlocked.Increment(ref _generation);
            if (_threads.Length > 0)
            {
                _wake.Release(_threads.Length);
            }
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    private void Work(int worker)
    {
        int seen = 0;
        while (true)
        {
            Await(seen);
            seen = Volatile.Read(ref _generation);
            if (_stop)
            {
                return;
            }

            Take(worker);
            Interlocked.Decrement(ref _busy);
        }
    }

    /// <summary>
    /// Returns when the generation differs from <paramref name="seen"/>. A worker first counts itself as sleeping, with a full fence, and then looks at the
    /// generation once more: either it sees the new job here, or the caller sees it in the count. A wake-up that came too late for this sleep only makes
    /// a later one return early, which the loop tolerates.
    /// </summary>
    private void Await(int seen)
    {
        for (int spins = 0; spins < Spins; spins++)
        {
            if (Volatile.Read(ref _generation) != seen)
            {
                return;
            }

            Thread.SpinWait(8);
        }

        Interlocked.Increment(ref _sleeping);
        while (Volatile.Read(ref _generation) == seen)
        {
            _wake.Wait();
        }

        Interlocked.Decrement(ref _sleeping);
    }

    private void Take(int worker)
    {
        int task;
        while ((task = Interlocked.Increment(ref _next) - 1) < _count)
        {
            try
            {
                _job!(task, worker);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                return;
            }
        }
    }
}
