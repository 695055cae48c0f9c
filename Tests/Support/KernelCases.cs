using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Tests.Support;

/// <summary>
/// The cases that every backend must compute as the reference does: attributes at their edges, sizes that fill no vector evenly.
/// </summary>
internal static class KernelCases
{
    private static readonly KernelCase[] Table = [.. Convolutions(), .. Pools(), .. Networks(), .. LayerCases.All()];
    private static readonly Dictionary<string, KernelCase> ByName = Table.ToDictionary(c => c.Name);

    /// <summary>The names, one row a test.</summary>
    public static IEnumerable<object[]> Names => Table.Select(c => new object[] { c.Name });

    /// <summary>The case of that name.</summary>
    public static KernelCase Find(string name) => ByName[name];

    private static IEnumerable<KernelCase> Convolutions()
    {
        (int C, int K, int H, int W, Window Window, int Groups, int Batch)[] table =
        [
            (1, 1, 1, 1, Window.Square(1), 1, 1),
            (3, 16, 13, 11, Window.Square(3, padding: 1), 1, 1),
            (3, 5, 9, 17, Window.Square(3, padding: 1), 1, 3),
            (5, 17, 7, 7, Window.Square(3, padding: 1), 1, 1),
            (16, 16, 14, 14, Window.Square(3, padding: 1), 1, 3),
            (17, 32, 15, 10, Window.Square(3, padding: 1), 1, 1),
            (32, 48, 9, 9, Window.Square(3, padding: 1), 1, 1),
            (48, 33, 6, 23, Window.Square(3, padding: 1), 1, 1),
            (16, 64, 2, 2, Window.Square(3, padding: 1), 1, 3),
            (16, 16, 1, 1, Window.Square(3, padding: 1), 1, 1),
            (8, 8, 1, 37, Window.Square(3, padding: 1), 1, 1),
            (16, 20, 12, 12, Window.Square(3), 1, 1),
            (16, 8, 8, 8, Window.Square(3, padding: 2), 1, 1),
            (16, 32, 13, 13, Window.Square(3, stride: 2, padding: 1), 1, 1),
            (5, 6, 10, 11, Window.Square(3, stride: 3), 1, 3),
            (16, 16, 13, 12, Window.Square(3, padding: 2, dilation: 2), 1, 1),
            (4, 7, 15, 15, Window.Square(3, stride: 2, padding: 3, dilation: 3), 1, 1),
            (17, 48, 9, 7, Window.Square(1), 1, 3),
            (32, 16, 8, 8, Window.Square(1, stride: 2), 1, 1),
            (3, 4, 5, 5, Window.Square(1, padding: 1), 1, 1),
            (3, 32, 29, 31, Window.Square(7, stride: 2, padding: 3), 1, 1),
            (16, 17, 11, 11, Window.Square(5, padding: 2), 1, 1),
            (3, 8, 35, 35, Window.Square(11, stride: 4, padding: 2), 1, 1),
            (6, 6, 9, 9, new Window(new(1, 7), new(1, 1), new(0, 3), new(1, 1)), 1, 1),
            (4, 9, 12, 8, new Window(new(5, 2), new(3, 1), new(2, 1), new(1, 3)), 1, 3),
            (16, 16, 9, 9, Window.Square(3, padding: 1), 16, 1),
            (5, 15, 8, 9, Window.Square(3, stride: 2, padding: 1), 5, 3),
            (32, 48, 7, 9, Window.Square(3, padding: 1), 2, 1),
            (12, 20, 7, 7, Window.Square(5, padding: 2, dilation: 1), 4, 1),
            (6, 9, 11, 8, Window.Square(3, stride: 2, padding: 2, dilation: 2), 3, 1),
            (32, 32, 6, 5, Window.Square(1), 4, 1),
            (33, 33, 15, 13, Window.Square(3, stride: 2, padding: 1), 33, 1),
            (20, 20, 12, 17, Window.Square(5, padding: 2), 20, 3),
            (7, 7, 14, 9, Window.Square(3, stride: 3, padding: 2, dilation: 2), 7, 1),
            (17, 17, 40, 37, Window.Square(7, stride: 2, padding: 3), 17, 1),
            (16, 16, 10, 10, Window.Square(1, stride: 2), 16, 1),
            (33, 40, 21, 19, Window.Square(3, stride: 2, padding: 1), 1, 1),
            (16, 8, 11, 12, Window.Square(2, stride: 3), 1, 1),
            (8, 24, 13, 14, Window.Square(4, stride: 4, padding: 1), 1, 1),
            (5, 18, 17, 12, new Window(new(3, 5), new(2, 1), new(1, 2), new(2, 1)), 1, 1),
            (9, 16, 12, 31, new Window(new(3, 3), new(1, 3), new(1, 0), new(1, 2)), 1, 1),
            (64, 64, 30, 30, Window.Square(3, stride: 2, padding: 1), 8, 1),
            (3, 33, 70, 65, Window.Square(3, padding: 1), 1, 1),
            (4, 20, 61, 90, Window.Square(7, stride: 2, padding: 3), 1, 3),
            (2, 16, 40, 41, Window.Square(5, stride: 3, padding: 1), 1, 1),
            (1, 40, 50, 37, Window.Square(3, padding: 3, dilation: 2), 1, 3),
            (2, 17, 40, 33, new Window(new(3, 5), new(2, 3), new(4, 0), new(1, 2)), 1, 1),
            (3, 16, 9, 11, Window.Square(3, padding: 4), 1, 1),
            (3, 24, 19, 18, Window.Square(2, stride: 3, padding: 1), 1, 1),
            (40, 3, 35, 37, Window.Square(3, padding: 1), 1, 1),
            (33, 4, 20, 45, Window.Square(5, padding: 2, dilation: 2), 1, 3),
            (16, 1, 40, 18, Window.Square(7, stride: 2, padding: 3), 1, 1),
            (20, 40, 13, 18, Window.Square(5, padding: 2), 1, 3),
            (33, 17, 21, 26, Window.Square(5, dilation: 2), 1, 1),
            (16, 24, 19, 17, Window.Square(5, padding: 9, dilation: 2), 1, 1),
            (20, 33, 18, 21, Window.Square(3, padding: 4, dilation: 4), 1, 3),
            (18, 16, 17, 23, new Window(new(3, 3), new(1, 1), new(1, 3), new(1, 3)), 1, 1),
            (16, 16, 3, 5, Window.Square(3, padding: 3, dilation: 3), 1, 1),
            (17, 16, 12, 9, Window.Square(3, padding: 5, dilation: 5), 1, 1),
            (36, 36, 15, 13, Window.Square(3, padding: 1), 9, 3),
            (24, 24, 9, 30, Window.Square(5, stride: 2, padding: 2), 3, 1),
            (34, 34, 11, 12, Window.Square(3, padding: 2, dilation: 2), 17, 1),
            (40, 40, 14, 7, Window.Square(1), 5, 1),
            (9, 2, 23, 22, new Window(new(1, 4), new(1, 1), new(0, 5), new(1, 1)), 1, 1),
        ];
        foreach ((int c, int k, int h, int w, Window window, int groups, int batch) in table)
        {
            foreach (bool bias in (bool[])[true, false])
            {
                var layer = new Conv2d(c, k, window, groups, bias);
                string name = $"conv {batch}x{c}x{h}x{w} to {k}, kernel {Pair(window.Kernel)}, stride {Pair(window.Stride)}, "
                    + $"padding {Pair(window.Padding)}, dilation {Pair(window.Dilation)}, groups {groups}";
                yield return bias
                    ? new KernelCase(name, () => TinyNets.BetweenRelus(layer, c, Math.Max(h, w)), batch, h, w)
                    : new KernelCase(name + ", alone, no bias", () => TinyNets.Single(layer, c, Math.Max(h, w)), batch, h, w);
            }
        }
    }

    private static IEnumerable<KernelCase> Pools()
    {
        (string Name, Layer Layer, int C, int H, int W, int Batch)[] table =
        [
            ("maxpool 2x2", new MaxPool2d(Window.Square(2, stride: 2)), 17, 8, 10, 3),
            ("maxpool 2x2, odd", new MaxPool2d(Window.Square(2, stride: 2)), 16, 9, 7, 1),
            ("maxpool 2x2, ceil", new MaxPool2d(Window.Square(2, stride: 2), CeilMode: true), 5, 9, 7, 1),
            ("maxpool 3x3, stride 2, padding 1", new MaxPool2d(Window.Square(3, stride: 2, padding: 1)), 33, 13, 11, 1),
            ("maxpool 3x3, stride 2, ceil", new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), 8, 12, 14, 3),
            ("maxpool 3x3, stride 1, dilation 2", new MaxPool2d(Window.Square(3, padding: 1, dilation: 2)), 4, 9, 10, 1),
            ("maxpool 2x3, uneven", new MaxPool2d(new Window(new(2, 3), new(3, 1), new(1, 0), new(1, 2))), 3, 10, 11, 1),
            ("adaptive 7x7 from 7x7", new AdaptiveAvgPool2d(Size2.Square(7)), 16, 7, 7, 3),
            ("adaptive 7x7 from 1x1", new AdaptiveAvgPool2d(Size2.Square(7)), 17, 1, 1, 1),
            ("adaptive 7x7 from 2x3", new AdaptiveAvgPool2d(Size2.Square(7)), 5, 2, 3, 3),
            ("adaptive 3x2 from 10x7", new AdaptiveAvgPool2d(new Size2(3, 2)), 32, 10, 7, 1),
            ("adaptive 1x1 from 9x5", new AdaptiveAvgPool2d(Size2.Square(1)), 48, 9, 5, 3),
            ("relu", new ReLU(), 7, 5, 9, 3),
            ("identity", new Identity(), 3, 4, 5, 1),
            ("dropout", new Dropout(), 3, 4, 5, 3),
        ];
        foreach ((string name, Layer layer, int c, int h, int w, int batch) in table)
        {
            yield return new KernelCase(name, () => TinyNets.Single(layer, c, Math.Max(h, w)), batch, h, w);
            yield return new KernelCase($"{name}, as a part", () => TinyNets.Part(layer, c, Math.Max(h, w)), batch, h, w);
            yield return new KernelCase($"{name}, between ReLUs", () => TinyNets.BetweenRelus(layer, c, Math.Max(h, w)), batch, h, w);
        }
    }

    private static IEnumerable<KernelCase> Networks()
    {
        yield return new KernelCase("linear 2063 to 37, batch 6", () => TinyNets.Perceptron(2063, 37), 6, 1, 1);
        foreach (int batch in (int[])[1, 3])
        {
            yield return new KernelCase($"few channels, pooled, batch {batch}",
                () => TinyNets.Pooled(new Conv2d(3, 4, Window.Square(5, padding: 2)), 3, 58), batch, 58, 46, Depth: 2);
            yield return new KernelCase($"linear 5 to 3, batch {batch}", () => TinyNets.Perceptron(5, 3), batch, 1, 1);
            yield return new KernelCase($"linear 1 to 1, batch {batch}", () => TinyNets.Perceptron(1, 1), batch, 1, 1);
            yield return new KernelCase($"linear 257 to 131, batch {batch}", () => TinyNets.Perceptron(257, 131), batch, 1, 1);
            yield return new KernelCase($"perceptron 33-65-17-4, batch {batch}", () => TinyNets.Perceptron(33, 65, 17, 4), batch, 1, 1,
                Depth: 3);
            yield return new KernelCase($"softmax, batch {batch}", TinyNets.Probabilities, batch, 1, 1, Depth: 2);
            yield return new KernelCase($"mobile 29x{28 + batch}, batch {batch}", TinyNets.Mobile, batch, 29, 28 + batch, Depth: 8);
            yield return new KernelCase($"diamond 17x17, batch {batch}", TinyNets.Diamond, batch, 17, 17, Depth: 6);
            yield return new KernelCase($"diamond 22x19, batch {batch}", TinyNets.Diamond, batch, 22, 19, Depth: 6);
            yield return new KernelCase($"excited 13x17, batch {batch}", () => FusedNets.Excited(ActivationFunctions.SiLU), batch, 13, 17,
                Depth: 8);
            yield return new KernelCase($"shuffles 13x17, batch {batch}", FusedNets.Shuffles, batch, 13, 17, Depth: 12);
            yield return new KernelCase($"residual 18x15, batch {batch}", TinyNets.Residual, batch, 18, 15, Depth: 16);
            yield return new KernelCase($"vgg 32x32, batch {batch}", () => TinyNets.Vgg(), batch, 32, 32, Depth: 8);
            yield return new KernelCase($"vgg 37x45, batch {batch}", () => TinyNets.Vgg(), batch, 37, 45, Depth: 8);
        }
    }

    private static string Pair(Size2 size) => size.H == size.W ? $"{size.H}" : $"{size.H}x{size.W}";
}
