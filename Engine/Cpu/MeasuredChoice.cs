using System.Diagnostics;

namespace Interp.Engine.Cpu;

/// <summary>
/// Settles by measurement which of two ways of computing the same bits is the faster on this machine: takes them in turn in the first runs,
/// and from then on the one
/// whose best run took the least time for its size.
/// </summary>
internal sealed class MeasuredChoice
{
    /// <summary>Runs until it is settled, half of them each way: enough that both have met a moment when no other program
    /// disturbs.</summary>
    public const int Trials = 24;

    private readonly Lock _gate = new();
    private readonly double[] _best = [double.MaxValue, double.MaxValue];
    private int _trials;

    /// <summary>Runs the work, the second way if its argument is true.</summary>
    /// <param name="size">What the time is in proportion to.</param>
    /// <param name="work">The work.</param>
    public void Run(long size, Action<bool> work)
    {
        bool second, trial;
        lock (_gate)
        {
            trial = _trials < Trials;
            // 1, 2, 2, 1: where two layers take turns, both are tried both ways.
            second = trial ? (_trials++ & 3) is 1 or 2 : _best[1] < _best[0];
        }

        long start = Stopwatch.GetTimestamp();
        work(second);
        if (trial)
        {
            double time = (Stopwatch.GetTimestamp() - start) / (double)size;
            lock (_gate)
            {
                _best[second ? 1 : 0] = Math.Min(_best[second ? 1 : 0], time);
            }
        }
    }
}
