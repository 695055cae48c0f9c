namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// For each input place along one axis, the windows of a pool that cover it: where they lie and by which of their taps. With them a
/// gradient is gathered, so that each of its values is written once.
/// </summary>
internal sealed class PoolReaders
{
    private readonly int[] _first; // of each input place, and the end of the last

    private PoolReaders(int inputs, (int Input, int Window, int Tap)[] all)
    {
        (int Input, int Window, int Tap)[] sorted = [.. all.OrderBy(r => r.Input).ThenBy(r => r.Window)];
        Windows = [.. sorted.Select(r => r.Window)];
        Taps = [.. sorted.Select(r => r.Tap)];
        _first = new int[inputs + 1];
        Array.ForEach(sorted, r => _first[r.Input + 1]++);
        for (int i = 0; i < inputs; i++)
        {
            _first[i + 1] += _first[i];
        }
    }

    /// <summary>The windows, input place by input place, ascending.</summary>
    public int[] Windows { get; }

    /// <summary>The tap of each.</summary>
    public int[] Taps { get; }

    /// <summary>Where the windows of an input place begin; those of the next one begin where they end.</summary>
    public int First(int input) => _first[input];

    /// <summary>Windows of so many taps, so far apart.</summary>
    public static PoolReaders Sliding(int inputs, int outputs, int kernel, int stride, int padding, int dilation) => new(inputs,
        [.. from window in Enumerable.Range(0, outputs)
            from tap in Enumerable.Range(0, kernel)
            let input = window * stride - padding + tap * dilation
            where input >= 0 && input < inputs
            select (input, window, tap)]);

    /// <summary>Windows of neighbouring places.</summary>
    public static PoolReaders Of(PoolAxis[] windows, int inputs) => new(inputs,
        [.. from window in windows.Index()
            from input in Enumerable.Range(window.Item.First, window.Item.End - window.Item.First)
            select (input, window.Index, input - window.Item.First)]);
}
