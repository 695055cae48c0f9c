using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Interp.Engine.Cpu;

/// <summary>
/// A fixed set of threads that share out the numbered tasks of one job at a time. Which thread takes which task varies; tasks must not
/// depend on it.
/// Workers spin briefly between jobs, since the next layer usually follows within microseconds, then sleep. A job never waits for a worker
/// that has not begun
/// with it: where other threads hold the cores, those that run do the work.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>Set in <see cref="_inside"/> when workers may no longer begin with the job.</summary>
    private const int Closed = 1 << 30;

    /// <summary>How long a waiting worker spins before it sleeps: 0.2 milliseconds, in ticks of the stopwatch.</summary>
    private static readonly long s_patience = Stopwatch.Frequency / 5000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wake; // One for each worker: with a common one, a fast worker could take a slow one's wake-up.
    private readonly int[] _asleep;
    private readonly int[] _ids; // the threads' numbers
    private readonly Lock _gate = new();
    private Action<int, int>? _job;
    private int _count;
    private int _next;
    private int _inside = Closed; // The number of workers that work on the job.
    private int _generation;
    private volatile bool _stop;
    private ExceptionDispatchInfo? _failure;
    private volatile ThreadPlacement? _placement; // The one by which workers were woken last.

    /// <summary>A pool of <paramref name="threads"/> threads, of which the caller of <see cref="Run"/> is one.</summary>
    public WorkerPool(int threads)
    {
        Threads = threads;
        _threads = new Thread[threads - 1];
        _wake = [.. _threads.Select(_ => new SemaphoreSlim(0))];
        _asleep = new int[_threads.Length];
        _ids = new int[_threads.Length];
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
    /// <param name="job">Gets the task's number and the worker's, 0 to Threads − 1. If a task throws, the first exception is thrown
    /// here.</param>
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
            Volatile.Write(ref _inside, 0);
            Interlocked.Increment(ref _generation); // A full fence: who sees it sees the job, and _asleep is read after it.
            WakeSleepers();
            Take(0);
            Interlocked.Or(ref _inside, Closed);
            SpinWait spin = default;
            while (Volatile.Read(ref _inside) != Closed)
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
            WakeSleepers();
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        foreach (SemaphoreSlim wake in _wake)
        {
            wake.Dispose();
        }
    }

    private void WakeSleepers()
    {
        ThreadPlacement? placement = null;
        for (int i = 0; i < _asleep.Length; i++)
        {
            if (Interlocked.Exchange(ref _asleep[i], 0) != 0)
            {
                placement ??= _placement = ThreadPlacement.Here();
                placement?.Send(Volatile.Read(ref _ids[i]), i + 1, Threads);
                _wake[i].Release();
            }
        }
    }

    private void Work(int worker)
    {
        Volatile.Write(ref _ids[worker - 1], ThreadPlacement.ThreadId());
        int seen = 0;
        while (true)
        {
            Await(seen, worker - 1);
            seen = Volatile.Read(ref _generation);
            if (_stop)
            {
                return;
            }

            if (Enter())
            {
                Take(worker);
                Interlocked.Decrement(ref _inside);
            }
        }
    }

    /// <summary>Joins the job that is open now, if there is one: after waking up late it may be over, or the next one.</summary>
    private bool Enter()
    {
        int inside = Volatile.Read(ref _inside);
        while (inside < Closed)
        {
            int found = Interlocked.CompareExchange(ref _inside, inside + 1, inside);
            if (found == inside)
            {
                return true;
            }

            inside = found;
        }

        return false;
    }

    /// <summary>
    /// Returns when the generation differs from <paramref name="seen"/>. A worker first says that it sleeps, with a full fence, and then
    /// looks at the
    /// generation once more: either it sees the new job here, or the caller sees that it sleeps. A caller that takes back the word releases
    /// the semaphore
    /// once, and the worker waits for that, so that no wake-up is left over.
    /// </summary>
    private void Await(int seen, int index)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetTimestamp() - start < s_patience)
        {
            if (Volatile.Read(ref _generation) != seen)
            {
                return;
            }

            Thread.SpinWait(8);
        }

        Interlocked.Exchange(ref _asleep[index], 1);
        while (Volatile.Read(ref _generation) == seen)
        {
            _wake[index].Wait();
            Interlocked.Exchange(ref _asleep[index], 1);
        }

        if (Interlocked.Exchange(ref _asleep[index], 0) == 0)
        {
            _wake[index].Wait();
        }

        _placement?.Free();
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
