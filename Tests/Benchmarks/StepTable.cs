using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Benchmarks;

/// <summary>Where the time of a network goes: its steps by kind, each timed within runs of the whole network; the fastest of
/// them.</summary>
internal static class StepTable
{
    /// <summary>Prints a table for each network.</summary>
    public static void Print(IEnumerable<Network> networks, int batch, int rounds, Ceilings ceilings)
    {
        foreach (Network network in networks)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = Contest.CountsProcessorTime ? 1 : 0, Group = batch });
            Print(network, backend, batch, rounds, ceilings);
        }
    }

    private static void Print(Network network, CpuBackend backend, int batch, int rounds, Ceilings ceilings)
    {
        using var session = (CpuSession)backend.Open(network, new SessionOptions { Batch = batch });
        var seed = new Seed(network.Output, Networks.Values(session.ShapeOf(network.Output).Count, 2));
        session.Forward(Networks.Values(session.InputShape.Count, 1));
        session.Backward(ReluRules.Vanilla, default, seed);
        CpuStep[] steps = [.. session.Steps];
        double[][][] times = [.. Enumerable.Range(0, rounds).Select(_ => TimeAll(steps))];
        var groups = steps.Select((step, s) => (
                Kind: Title(step.Node, session),
                Forward: times.Min(t => t[0][s]),
                Backward: times.Min(t => t[1][s]),
                Work: Work.Megaflops(step.Node, session.ShapeOf(step.Node))))
            .GroupBy(s => s.Kind)
            .Select(g => (Kind: g.Key, Count: g.Count(), Forward: g.Sum(s => s.Forward), Backward: g.Sum(s => s.Backward),
                Work: g.Sum(s => s.Work)))
            .OrderByDescending(g => g.Forward + g.Backward)
            .ToList();
        groups.Add(("all", steps.Length, groups.Sum(g => g.Forward), groups.Sum(g => g.Backward), groups.Sum(g => g.Work)));
        var table = new MarkdownTable("steps", "number", "forward ms", "GFLOP/s", "of the ceiling", "backward ms", "GFLOP/s",
            "of the ceiling");
        foreach ((string kind, int count, double forward, double backward, double work) in groups)
        {
            table.Add([kind, $"{count}", .. Cells(forward, work, ceilings), .. Cells(backward, work, ceilings)]);
        }

        Console.WriteLine($"### {network.Name}, batch {batch}, {backend.Info.Threads} threads: its steps\n");
        table.Print();
    }

    private static string[] Cells(double ms, double work, Ceilings ceilings) => work == 0
        ? [$"{ms:0.00}", "", ""]
        : [$"{ms:0.00}", $"{work / ms:0}", $"{work / ms / ceilings.Gflops:0%}"];

    private static double[][] TimeAll(CpuStep[] steps) =>
    [
        [.. steps.Select(step => Contest.Time(() => step.Kernel.Forward(step.Run)))],
        [.. steps.Reverse().Select(step => Contest.Time(() =>
        {
            if (step.Kernel.GatedShape is not null && step.GateAppliedBy is null)
            {
                step.Kernel.ApplyGate(step.Run, ReluRules.Vanilla);
            }

            step.Kernel.Backward(step.Run, ReluRules.Vanilla);
        })).Reverse()],
    ];

    private static string Title(Node node, CpuSession session) => node.Layer switch
    {
        Conv2d { Window: var w } c => $"{w.Kernel.H}×{w.Kernel.W}{(w.Stride.H > 1 ? $" s{w.Stride.H}" : "")}"
            + $"{(c.Groups == 1 ? "" : c.Groups == c.InChannels ? " depthwise" : $" g{c.Groups}")} at {session.ShapeOf(node)[2]}²",
        var other => other.Kind,
    };
}
