namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>
/// Looks for a small connected set of cells of which something holds. First a square window of blocks, as small as bisection of its size
/// finds one, among equally large ones the one of the largest margin; then blocks, half blocks, … and at last cells are taken from its
/// edge, those that cost least first, as long as it holds and stays connected. Where this ends by itself, no single cell of the edge can
/// be taken away: the set is minimal in that sense, which does not prove that no smaller one exists elsewhere.
/// </summary>
/// <remarks>
/// B. Carter, J. Mueller, S. Jain, D. Gifford, AISTATS 2019, arXiv 1810.03805, take single pixels away, one after the other; the pixels
/// that remain are scattered, and networks accept such scatter where people see nothing (B. Carter, S. Jain, J. Mueller, D. Gifford,
/// NeurIPS 2021). A connected region can be looked at, and cropped. Several that are disjoint: V. Shitole, F. Li, M. Kahng, P. Tadepalli,
/// A. Fern, NeurIPS 2021, arXiv 2011.06733. Deterministic: what is run next depends on margins alone, and ties go to the upper left.
/// </remarks>
/// <param name="grid">The cells.</param>
/// <param name="margins">How far each of some sets is above the criterion, in order.</param>
/// <param name="holds">Whether a margin meets it.</param>
internal sealed class RegionSearch(CellGrid grid, Func<IReadOnlyList<CellSet>, double[]> margins, Func<double, bool> holds)
{
    private readonly Dictionary<CellSet, double> _known = [];
    private int _window;

    /// <summary>How many sets were run.</summary>
    internal int Passes => _known.Count;

    /// <summary>A region away from those found before, or null if there is none.</summary>
    /// <param name="taken">The cells of those found before.</param>
    /// <param name="until">How many sets may have been run at its end.</param>
    internal FoundRegion? Next(CellSet taken, int until)
    {
        CellSet left = grid.LargestPart(grid.Whole.Without(taken));
        CellSet? start = left.Count > 0 ? Window(taken, until) : null;
        if (start is null && left.Count > 0 && Run([left], int.MaxValue) && Holds(left))
        {
            start = left;
        }

        return start is null ? null : Shrink(new FoundRegion(start, grid.Block), until);
    }

    /// <summary>Goes on with a region at which the passes had ended.</summary>
    internal FoundRegion Shrink(FoundRegion found, int until)
    {
        CellSet region = found.Cells;
        for (int block = found.Block; block >= 1; block /= 2)
        {
            var kept = new HashSet<CellSet>(); // parts that could not be taken when the region was larger
            while (true)
            {
                (CellSet Part, CellSet Left)[] smaller = [.. grid.Edge(region, block).Select(p => (Part: p, Left: region.Without(p)))];
                (CellSet Part, CellSet Left)[] open = [.. smaller.Where(s => !kept.Contains(s.Part) && grid.IsConnected(s.Left))];
                if (!Run([.. open.Select(s => s.Left)], until))
                {
                    return new FoundRegion(region, block);
                }

                CellSet[] good = [.. Best(open.Select(s => s.Left))];
                if (good.Length > 0)
                {
                    kept.UnionWith(open.Where(s => !Holds(s.Left)).Select(s => s.Part));
                    region = LongestThatHolds(region, good, until);
                }
                else if (block == 1 && kept.Count > 0)
                {
                    kept.Clear(); // once more, since a smaller region may do without what a larger one needed
                }
                else
                {
                    break;
                }
            }
        }

        return new FoundRegion(region, 0);
    }

    /// <summary>A small window of what is left that holds: sizes are bisected, from that of the region before upwards.</summary>
    private CellSet? Window(CellSet taken, int until)
    {
        CellSet? found = null;
        (int low, int high) = (Math.Max(1, _window), grid.LargestWindow);
        for (int t = _window > 0 ? _window : (low + high) / 2; low <= high; t = (low + high) / 2)
        {
            CellSet[] windows = [.. grid.Windows(t).Select(w => grid.LargestPart(w.Without(taken))).Where(w => w.Count > 0).Distinct()];
            if (!Run(windows, until))
            {
                break;
            }

            if (Best(windows).FirstOrDefault() is { } best)
            {
                (found, _window, high) = (best, t, t - 1);
            }
            else
            {
                low = t + 1;
            }
        }

        return found;
    }

    /// <summary>Takes all parts away together, or the better half of them, or the better quarter, …, but at least the best one.</summary>
    private CellSet LongestThatHolds(CellSet region, CellSet[] rests, int until)
    {
        var steps = new List<CellSet>();
        CellSet now = region;
        foreach (CellSet rest in rests)
        {
            CellSet next = now.Without(region.Without(rest));
            if (grid.IsConnected(next))
            {
                steps.Add(now = next);
            }
        }

        for (int n = steps.Count; n > 1; n /= 2)
        {
            if (Run([steps[n - 1]], until) && Holds(steps[n - 1]))
            {
                return steps[n - 1];
            }
        }

        return steps[0];
    }

    /// <summary>Those of some sets that hold, the largest margin first; equal ones in their order.</summary>
    private IEnumerable<CellSet> Best(IEnumerable<CellSet> sets) => sets.Where(Holds).OrderByDescending(s => _known[s]);

    private bool Holds(CellSet set) => _known.TryGetValue(set, out double margin) && holds(margin);

    /// <summary>Runs those of some sets that are not known yet; false if there are more of them than may be run.</summary>
    private bool Run(IReadOnlyList<CellSet> sets, int until)
    {
        CellSet[] fresh = [.. sets.Where(s => !_known.ContainsKey(s))];
        if (fresh.Length > until - _known.Count)
        {
            return false;
        }

        foreach ((CellSet set, double margin) in fresh.Zip(fresh.Length == 0 ? [] : margins(fresh)))
        {
            _known.Add(set, margin);
        }

        return true;
    }
}

/// <summary>What a search found.</summary>
/// <param name="Cells">The region.</param>
/// <param name="Block">The side of the blocks that were being taken away when the passes ended, or 0.</param>
internal sealed record FoundRegion(CellSet Cells, int Block)
{
    /// <summary>Whether the search ended by itself: none of its edge cells can be taken away.</summary>
    internal bool IsMinimal => Block == 0;
}
