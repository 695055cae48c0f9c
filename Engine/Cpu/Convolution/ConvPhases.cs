using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Which taps each output pixel reads. The gradient of a convolution of stride s reads, at pixel i, only the taps t with
/// (i − padding + t·dilation) mod s = 0: pixels fall into s phases an axis by their remainder modulo s, each a small convolution of stride
/// 1 over the
/// upstream gradient, and together they cost what the forward pass costs. Anything else has one phase with all taps.
/// </summary>
internal sealed class ConvPhases
{
    private readonly Axis[] _rows;
    private readonly Axis[] _columns;
    private readonly int _kernelColumns;

    public ConvPhases(ConvGeometry g)
    {
        (Size2 kernel, _, Size2 padding, Size2 dilation) = g.Window;
        _kernelColumns = kernel.W;
        Gathered = g;
        if (g.Spread == Size2.Square(1))
        {
            _rows = [Axis.All(kernel.H)];
            _columns = [Axis.All(kernel.W)];
            return;
        }

        (_rows, int top, int height) = Cut(g.Spread.H, kernel.H, dilation.H, padding.H);
        (_columns, int left, int width) = Cut(g.Spread.W, kernel.W, dilation.W, padding.W);
        Gathered = new ConvGeometry(
            g.In,
            g.Out with { H = (g.Out.H + g.Spread.H - 1) / g.Spread.H, W = (g.Out.W + g.Spread.W - 1) / g.Spread.W },
            new Window(new Size2(height, width), Size2.Square(1), new Size2(-top, -left), Size2.Square(1)),
            Size2.Square(1));
    }

    /// <summary>The convolution of stride 1 whose pixel q stands for the output pixels s·q … s·q + s − 1, with a window around all that
    /// they read.</summary>
    public ConvGeometry Gathered { get; }

    /// <summary>Number of phases, those of the columns running fastest.</summary>
    public int Count => _rows.Length * _columns.Length;

    /// <summary>The taps of a phase, numbered in row order.</summary>
    public int[] Taps(int phase) => Pairs(phase, a => a.Taps, (ky, kx) => ky * _kernelColumns + kx);

    /// <summary>Row and column of each of these taps in the gathered window.</summary>
    public (int Row, int Column)[] Places(int phase) => Pairs(phase, a => a.Places, (y, x) => (y, x));

    private T[] Pairs<T>(int phase, Func<Axis, int[]> of, Func<int, int, T> pair) =>
        [.. of(_rows[phase / _columns.Length]).SelectMany(y => of(_columns[phase % _columns.Length]).Select(x => pair(y, x)))];

    private static (Axis[] Phases, int First, int Extent) Cut(int spread, int kernel, int dilation, int padding)
    {
        var taps = Enumerable.Range(0, kernel).ToLookup(
            t => ((t * dilation - padding) % spread + spread) % spread); // The remainder that the pixel's must cancel.
        int[][] tapsOf = [.. Enumerable.Range(0, spread).Select(a => taps[(spread - a) % spread].ToArray())];
        int[][] placesOf = [.. tapsOf.Select((of, a) => of.Select(t => (a - padding + t * dilation) / spread).ToArray())];
        int first = placesOf.SelectMany(p => p).Min();
        int last = placesOf.SelectMany(p => p).Max();
        return ([.. tapsOf.Zip(placesOf, (t, p) => new Axis(t, [.. p.Select(place => place - first)]))], first, last - first + 1);
    }

    /// <summary>One phase along one axis.</summary>
    private readonly record struct Axis(int[] Taps, int[] Places)
    {
        public static Axis All(int kernel) => new([.. Enumerable.Range(0, kernel)], [.. Enumerable.Range(0, kernel)]);
    }
}
