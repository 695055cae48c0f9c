using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>
/// Changes along one axis, sorted into classes whose patches have one size: those near an edge, of which less is computed, apart from
/// those in the middle.
/// </summary>
internal sealed class ChangeClasses
{
    private readonly Dictionary<Extent, (int Class, int Index)> _of = [];

    /// <param name="graph">The network.</param>
    /// <param name="axis">2 for rows, 3 for columns.</param>
    /// <param name="changes">What changes of the image, once for each image.</param>
    /// <param name="most">The most classes.</param>
    internal ChangeClasses(ReachGraph graph, int axis, IEnumerable<Extent> changes, int most)
    {
        ILookup<Extent, Extent> counts = changes.ToLookup(c => c);
        Extent[] distinct = [.. counts.Select(c => c.Key).OrderBy(c => c.Start).ThenBy(c => c.End)];
        double[][] costs = Costs(graph, new AxisExtents(graph, axis, distinct), axis);
        int[] order = [.. Enumerable.Range(0, distinct.Length).OrderBy(i => costs[i].Sum())]; // stable
        int[] ends = Cut(order.Length, Math.Min(most, order.Length), Group);
        for (int c = 0, first = 0; c < ends.Length; first = ends[c++])
        {
            Extent[] members = [.. order[first..ends[c]].Order().Select(i => distinct[i])];
            for (int i = 0; i < members.Length; i++)
            {
                _of[members[i]] = (c, i);
            }

            Classes.Add(new AxisExtents(graph, axis, members));
        }

        // What a run of changes costs: each as much as the largest at every node.
        double[] Group(int first)
        {
            var largest = new double[costs[0].Length];
            var group = new double[order.Length + 1];
            long count = 0;
            for (int i = first; i < order.Length; i++)
            {
                count += counts[distinct[order[i]]].Count();
                for (int node = 0; node < largest.Length; node++)
                {
                    largest[node] = Math.Max(largest[node], costs[order[i]][node]);
                }

                group[i + 1] = count * largest.Sum();
            }

            return group;
        }
    }

    /// <summary>The classes, each with its changes.</summary>
    internal List<AxisExtents> Classes { get; } = [];

    /// <summary>A change's class and its number there.</summary>
    internal (int Class, int Index) Of(Extent change) => _of[change];

    /// <summary>For each change what each node costs along this axis: the share of its map that has to be computed.</summary>
    private static double[][] Costs(ReachGraph graph, AxisExtents extents, int axis)
    {
        Node[] nodes = [.. graph.Nodes.Where(n => extents.Knows(n.Id) && graph.Cost(n, 1) > 0)];
        return
        [
            .. Enumerable.Range(0, extents.Changes.Length).Select(i => nodes.Select(n =>
            {
                (Extent of, int all) = (extents.Of(n.Id)[i], graph.Shapes[n.Id][axis]);
                return graph.Cost(n, (of.End - of.Start) / (double)all);
            }).Append(1).ToArray()),
        ];
    }

    /// <summary>Cuts a row of things into runs of the least total cost.</summary>
    /// <returns>The end of each run.</returns>
    private static int[] Cut(int count, int most, Func<int, double[]> costsFrom)
    {
        double[][] cost = [.. Enumerable.Range(0, count).Select(costsFrom)];
        double[] best = [0, .. Enumerable.Repeat(double.PositiveInfinity, count)];
        var before = new int[most, count + 1];
        for (int run = 0; run < most; run++)
        {
            double[] next = [.. Enumerable.Repeat(double.PositiveInfinity, count + 1)];
            for (int end = 1; end <= count; end++)
            {
                for (int first = 0; first < end; first++)
                {
                    double total = best[first] + cost[first][end];
                    if (total < next[end])
                    {
                        (next[end], before[run, end]) = (total, first);
                    }
                }
            }

            best = next;
        }

        var ends = new int[most];
        for (int run = most - 1, end = count; run >= 0; end = before[run--, end])
        {
            ends[run] = end;
        }

        return ends;
    }
}
