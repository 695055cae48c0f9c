using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu;

/// <summary>
/// How many images of a batch run together. A thread that takes a few images through the whole network waits for no other one after each
/// layer and finds their maps in its caches; but it reads all filters for these few, and Winograd's tiles of small maps fill only with
/// many. So a group has about as many images as make their maps outweigh the filters. A network whose filters weigh too much for that, or
/// whose maps are made of so many products that their way to memory does not count, runs all images together, layer by layer, on all
/// threads.
/// </summary>
internal static class ImageGroups
{
    /// <summary>The share of the threads' time that a division must at least use.</summary>
    private const double LeastUse = 0.75;

    /// <summary>How far the size of a group may lie from the one aimed at, as a factor.</summary>
    private const double Tolerance = 2;

    /// <summary>How much longer a group of twice or half the size aimed at takes, about.</summary>
    private const double CostOfTwice = 0.1;

    /// <summary>Multiply-adds for a value of the maps from which on arithmetic alone counts: VGG's have 1100, ResNets' 400 to 800,
    /// MobileNets' 50.</summary>
    private const double MostProducts = 1000;

    /// <summary>Images of a group, a divisor of the batch: the batch itself where all run together. Affects no bit.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What the session is prepared for.</param>
    /// <param name="shapeOf">Shapes of the nodes for the whole batch.</param>
    /// <param name="plan">How convolutions are computed.</param>
    /// <param name="threads">Threads that compute.</param>
    public static int Choose(Network network, SessionOptions options, Func<Node, Shape> shapeOf, ConvPlan plan, int threads)
    {
        int batch = options.Batch;
        if (batch == 1 || plan.PacksEachRun || network.Nodes.Any(n => n.Layer is Frame))
        {
            return batch;
        }

        double maps = MapBytes(network, shapeOf);
        if (Products(network, shapeOf) > MostProducts * maps / sizeof(float))
        {
            return batch;
        }

        double aim = Math.Max(1, FilterBytes(network, shapeOf, plan) / (maps / batch));
        int[] sizes = [.. Enumerable.Range(1, batch / 2).Where(size => batch % size == 0 && Use(batch / size, threads) >= LeastUse
            && size <= Tolerance * aim && aim <= Tolerance * size)];
        return sizes.Length == 0 ? batch
            : sizes.MinBy(size => (1 + CostOfTwice * Math.Abs(Math.Log2(size / aim))) / Use(batch / size, threads));
    }

    /// <summary>The largest divisor of a batch that is not above a number.</summary>
    public static int AtMost(int most, int batch) => Enumerable.Range(1, Math.Min(most, batch)).Last(size => batch % size == 0);

    /// <summary>The share of the threads' time that so many groups use.</summary>
    private static double Use(int groups, int threads) => groups / (double)((groups + threads - 1) / threads * threads);

    private static double MapBytes(Network network, Func<Node, Shape> shapeOf) => network.Nodes
        .Where(n => n.Layer is Conv2d or Linear or Concat or ChannelAffine).Sum(n => new Blocked(shapeOf(n)).Bytes);

    private static double Products(Network network, Func<Node, Shape> shapeOf) => network.Nodes.Where(n => n.Layer is Conv2d or Linear)
        .Sum(n => (double)shapeOf(n).Count * n.Weights[0].Shape.Count / n.Weights[0].Shape[0]);

    private static double FilterBytes(Network network, Func<Node, Shape> shapeOf, ConvPlan plan) => network.Nodes
        .Where(n => n.Weights.Length > 0).Sum(n => n.Weights[0].Shape.Count * sizeof(float) * Growth(network, n, shapeOf, plan));

    /// <summary>How much larger a layer's filters are as its kernel wants them.</summary>
    private static double Growth(Network network, Node node, Func<Node, Shape> shapeOf, ConvPlan plan)
    {
        if (node.Layer is not Conv2d conv)
        {
            return 1;
        }

        Blocked x = new(shapeOf(network.Nodes[node.Inputs[0]])), y = new(shapeOf(node));
        Window window = conv.Window.At(x.H, x.W);
        return plan.Choice.PicksWinograd(ConvGeometry.Forward(x, y, window), conv.Groups)
            ? WinogradTransform.Points / (double)(window.Kernel.H * window.Kernel.W) : 1;
    }
}
