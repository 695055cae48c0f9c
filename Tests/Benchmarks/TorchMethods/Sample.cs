using System.Diagnostics;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>Runs one part of long loops, and works out how long the rest would have taken.</summary>
/// <param name="part">1/part of the rounds is run; 1 for all.</param>
internal sealed class Sample(int part)
{
    /// <summary>Time that the rounds left out would have taken at the pace of those that ran.</summary>
    public TimeSpan LeftOut { get; private set; }

    /// <summary>The first of so many rounds, at least one.</summary>
    public IEnumerable<int> Of(int rounds)
    {
        int run = Math.Max(1, rounds / part);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < run; i++)
        {
            yield return i;
        }

        LeftOut += Stopwatch.GetElapsedTime(start) * (rounds - run) / run;
    }
}
