using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// Which of the layers without parameters in <c>features</c> are 2×2 max-pools. A state dict does not hold them: a pool and a dropout leave
/// the same gap in the numbering. The rule, in this order: the user's word (<c>--pools</c>); the file's modules, if it holds them; VGG11,
/// 13, 16 and 19, known by their widths up to a common factor, have their five pools where the papers have them, and what else leaves a gap
/// is a dropout; in any other network every gap of one layer beside the ReLU is a pool, and one is at the end. A larger gap is asked
/// about.
/// </summary>
internal sealed class VggPools
{
    /// <summary>Convolutions between pools, and their widths, in VGG11 to VGG19.</summary>
    private static readonly (string Name, int[] Convolutions)[] Known =
        [("VGG11", [1, 1, 2, 2, 2]), ("VGG13", [2, 2, 2, 2, 2]), ("VGG16", [2, 2, 3, 3, 3]), ("VGG19", [2, 2, 4, 4, 4])];
    private static readonly int[] Widths = [1, 2, 4, 8, 8];

    /// <summary>No input has a side of 2^30 pixels.</summary>
    private const int MostPools = 30;
    private readonly VggBlock[] _blocks;

    private VggPools(VggBlock[] blocks, int?[] after, string assumption) => (_blocks, After, Assumption) = (blocks, after, assumption);

    /// <summary>The index of the pool behind each convolution, or null.</summary>
    internal int?[] After { get; }

    /// <summary>What was assumed, in one line.</summary>
    internal string Assumption { get; }

    /// <summary>Decides where the pools are.</summary>
    /// <exception cref="InputException">The user names a layer that cannot be a pool.</exception>
    /// <exception cref="ModelException">The numbering does not tell, or more pools than the input has room for.</exception>
    internal static VggPools Of(VggBlock[] blocks, PlanOptions options, Sides input)
    {
        VggPools decided = options.Pools is { } given ? Given(blocks, given, "as option 'pools' says")
            : Saved(blocks, options.Modules) is { } saved ? Given(blocks, saved, "as the file's modules say")
            : Inferred(blocks);
        decided.RequireRoom(input, given: options.Pools is not null);
        return decided;
    }

    /// <summary>The index behind the last layer that belongs to a convolution: the next one's, or the end of <c>features</c>.</summary>
    internal int EndOf(int block) => _blocks[block].Next
        ?? Math.Max(_blocks[block].Free + 1, After[block] is { } pool ? pool + (pool == _blocks[block].Free ? 2 : 1) : 0);

    /// <summary>Sides of the last maps for an input of the given sides.</summary>
    internal Sides MapSides(Sides input) => input.Halved(After.Count(p => p is not null));

    private static VggPools Given(VggBlock[] blocks, IReadOnlyList<int> given, string source)
    {
        var after = new int?[blocks.Length];
        foreach (int index in given)
        {
            int k = Array.FindIndex(blocks, b => b.HasRoom(index));
            if (k < 0 || after[k] is not null)
            {
                string wrong = k < 0 ? "no layer without parameters that could be one" : $"the second one behind "
                    + $"features.{blocks[k].Index}";
                throw new InputException($"option 'pools' {index}: features.{index} is {wrong}; expected 'none' or some of "
                    + $"{List(Candidates(blocks))}");
            }

            after[k] = index;
        }

        int[] dropouts = [.. blocks.SelectMany((b, k) =>
            Enumerable.Range(b.Free, b.Gap ?? Math.Max(1, (after[k] ?? b.Free) - b.Free)).Where(i => i != after[k]).Skip(1))];
        string other = dropouts.Length == 0 ? "" : $"; dropouts, which do nothing: {Names(dropouts)}";
        return new VggPools(blocks, after, $"{(given.Count == 0 ? "features have no max-pools" : $"2x2 max-pools are {Names(given)}")}, "
            + $"{source}{other}");
    }

    /// <summary>The max-pools among the file's modules, or null if it holds none or has them where no pool can be.</summary>
    private static int[]? Saved(VggBlock[] blocks, ModuleTree? modules)
    {
        if (modules?.Find("features.0") is null)
        {
            return null;
        }

        int last = blocks[^1].Free + 2;
        int[] pools = [.. Enumerable.Range(0, last + 1).Where(i => modules.Find($"features.{i}")?.Kind == "MaxPool2d")];
        int[] owners = [.. pools.Take(MostPools).Select(p => Array.FindIndex(blocks, b => b.HasRoom(p)))];
        return pools.Length <= MostPools && owners.All(k => k >= 0) && owners.Distinct().Count() == pools.Length ? pools : null;
    }

    private static VggPools Inferred(VggBlock[] blocks)
    {
        foreach (VggBlock block in blocks.Where(b => b.Gap is < 1 or > 2))
        {
            string ask = block.Gap < 1
                ? "there is no room for a ReLU, and such a network cannot be read; save a VGG with ReLU modules inside features"
                : $"say which layers are 2x2 max-pools, the others being dropouts: option 'pools' {List(Candidates(blocks))}, or fewer, "
                + "or other "
                    + $"numbers from {block.Free} to {block.Next - 1}";
            throw new ModelException($"after features.{block.Index} the next convolution is expected at features.{block.Free + 1} or, "
                + $"past a pool, at features.{block.Free + 2}; found features.{block.Next}; {ask}");
        }

        int?[] all = [.. blocks.Select(b => b.Gap == 1 ? null : b.Free + 1 as int?)];
        if (Standard(blocks) is not var (name, ends))
        {
            return new VggPools(blocks, all, Described(blocks, all));
        }

        int?[] after = [.. all.Select((p, k) => ends.Contains(k) ? p : null)];
        int[] dropouts = [.. Present(all).Except(Present(after))];
        string other = dropouts.Length == 0 ? ""
            : $"; dropouts, which do nothing: {Names(dropouts)}, where {name} has no pool; option 'pools' "
            + "says otherwise";
        return new VggPools(blocks, after, $"2x2 max-pools are {Names(Present(after))}, as in {name}{other}");
    }

    private static string Described(VggBlock[] blocks, int?[] all)
    {
        int[] pools = Present(all);
        if (pools.Length == 1)
        {
            return $"a 2x2 max-pool, features.{pools[0]}, ends the features, which the names do not show; option 'pools' none if there "
                + "is none";
        }

        int[] other = Fewer(blocks, all) ?? pools[..^1];
        return $"2x2 max-pools are {Names(pools)}: where the numbering has gaps, and at the end; a dropout leaves the same gap: option "
            + "'pools' "
            + $"{List(other)} or the like says otherwise";
    }

    /// <summary>The convolutions behind which a standard VGG of these widths has its pools, if there is room for them.</summary>
    private static (string Name, HashSet<int> Ends)? Standard(VggBlock[] blocks)
    {
        foreach ((string name, int[] convolutions) in Known)
        {
            int[] widths = [.. convolutions.SelectMany((n, stage) => Enumerable.Repeat(Widths[stage], n))];
            HashSet<int> ends = [.. convolutions.Select((_, stage) => convolutions.Take(stage + 1).Sum() - 1)];
            if (widths.Length == blocks.Length && blocks.Zip(widths).All(p => p.First.Width == (long)blocks[0].Width * p.Second)
                && ends.All(k => blocks[k].Gap is null or 2))
            {
                return (name, ends);
            }
        }

        return null;
    }

    private void RequireRoom(Sides input, bool given)
    {
        int size = input.Shorter;
        foreach (int pool in Present(After))
        {
            if (size < 2)
            {
                int count = Present(After).Length;
                string fewer = !given && Fewer(_blocks, After) is { } other
                    ? $"; or, if the other gaps are dropouts, option 'pools' {List(other)}" : "; or name fewer option 'pools'";
                string larger = count <= 12 ? $"take option 'input-size' {1 << count} or more" : "no input is so large";
                throw new ModelException($"features.{pool}: a 2x2 max-pool does not fit on maps of 1x1, at input size {input} "
                    + $"and with {count} pools; {larger}{fewer}");
            }

            size /= 2;
        }
    }

    /// <summary>Pools only where the width changes, and at the end; null if that is no other reading.</summary>
    private static int[]? Fewer(VggBlock[] blocks, int?[] all)
    {
        int[] fewer = Present([.. all.Select((p, k) => k + 1 == blocks.Length || blocks[k + 1].Width != blocks[k].Width ? p : null)]);
        return fewer.Length < Present(all).Length ? fewer : null;
    }

    private static int[] Candidates(VggBlock[] blocks) => [.. blocks.Where(b => b.Gap is null or > 1).Select(b => b.Free + 1)];

    private static int[] Present(int?[] pools) => [.. pools.OfType<int>()];

    private static string List(IEnumerable<int> pools) => string.Join(',', pools);

    private static string Names(IReadOnlyCollection<int> pools) => $"features.{string.Join(", ", pools)}";
}
