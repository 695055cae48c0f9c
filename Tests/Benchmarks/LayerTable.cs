using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>Where the time of a network goes, layer by layer, and how far each is from what the machine can do.</summary>
internal static class LayerTable
{
    /// <summary>Prints the table; layers of the same shape are averaged.</summary>
    public static void Print(Network network, int batch, int rounds, Ceilings ceilings)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = ceilings.Threads });
        set_num_threads(ceilings.Threads);
        LayerTime[] layers = LayerTimes.Measure(network, backend, batch, rounds);
        var table = new MarkdownTable("layer", "×", "forward ms", "libtorch ms", "ratio", "GFLOP/s", "of ceiling", "libtorch GFLOP/s",
            "backward ms", "libtorch ms", "ratio", "GFLOP/s", "of ceiling", "libtorch GFLOP/s");
        foreach (IGrouping<string, LayerTime> same in layers.GroupBy(Title))
        {
            LayerTime first = same.First();
            double ceiling = first.Node.Layer is Conv2d ? ceilings.Gflops : LinearCeiling(first, batch, ceilings);
            table.Add([same.Key, $"{same.Count()}", .. Cells(same, l => l.Forward, ceiling), .. Cells(same, l => l.Backward, ceiling)]);
        }

        double[] sums = [
            .. new Func<LayerTime, double>[] { l => l.Forward.Ours, l => l.Forward.Theirs, l => l.Backward.Ours, l => l.Backward.Theirs }
            .Select(layers.Sum)];
        table.Add("sum", $"{layers.Length}", $"{sums[0]:0.0}", $"{sums[1]:0.0}", $"{sums[1] / sums[0]:0.00}", "", "", "",
            $"{sums[2]:0.0}", $"{sums[3]:0.0}", $"{sums[3] / sums[2]:0.00}", "", "", "");
        Console.WriteLine($"### Layers of {network.Name}, batch {batch}, {ceilings.Threads} threads\n");
        Console.WriteLine(
            "GFLOP/s counts the operations of the direct algorithm, so Winograd's can pass the ceiling, which is that of "
            + "multiply-adds; for");
        Console.WriteLine(
            "linear layers it is the smaller of that and the reading of every weight once. A layer includes the ReLU and pool "
            + "behind it.\n");
        table.Print();
    }

    private static IEnumerable<string> Cells(IEnumerable<LayerTime> same, Func<LayerTime, Verdict> pass, double ceiling)
    {
        double ours = same.Average(l => pass(l).Ours), theirs = same.Average(l => pass(l).Theirs), work = same.First().Megaflops;
        return [$"{ours:0.00}", $"{theirs:0.00}", $"{theirs / ours:0.00}", $"{work / ours:0}", $"{work / ours / ceiling:0%}",
            $"{work / theirs:0}"];
    }

    private static double LinearCeiling(LayerTime layer, int batch, Ceilings ceilings) =>
        Math.Min(ceilings.Gflops, 2.0 * batch * ceilings.Gigabytes / layer.Node.Weights[0].DType.Size());

    private static string Title(LayerTime layer) => layer.Node.Layer switch
    {
        Conv2d c => $"{c.InChannels}→{c.OutChannels} at {layer.Output[2]}²{(layer.Pooled ? ", pool" : "")}",
        Linear l => $"{l.InFeatures}→{l.OutFeatures}",
        var other => other.Kind,
    };
}
