using System.Globalization;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>
/// The smallest regions found that are each enough: the network, shown one of them and the fill elsewhere, still gives the class. They are
/// connected, made of cells, disjoint, and found one after the other (<see cref="RegionSearch"/>); each is verified by its masked image, by
/// its crop, and beside the same shape at random places (<see cref="RegionCheck"/>). The counterpart is the smallest region found without
/// which the prediction changes. Map: 1/rank of the region that a pixel is in, else 0, <c>[1,H,W]</c>.
/// </summary>
/// <remarks>
/// Sufficient input subsets: B. Carter, J. Mueller, S. Jain, D. Gifford, arXiv 1810.03805; smallest sufficient and smallest destroying
/// region: P. Dabkowski, Y. Gal, arXiv 1705.07857; R. Fong, A. Vedaldi, arXiv 1704.03296; several: V. Shitole and others, arXiv 2011.06733.
/// Forward passes only. Same bits at any batch and number of threads.
/// </remarks>
internal sealed class SufficientRegions : AttributionMethod
{
    /// <summary>Random places of the counterfactual region; those of region k take stream k.</summary>
    private const ulong CounterfactualStream = 0;

    private readonly MethodOption<int> _regions = MethodOption.Whole("regions", "how many disjoint regions to look for", 3, 1, 20);
    private readonly MethodOption<int> _cell =
        MethodOption.WholeOrAuto("cell", "side of the smallest cells in pixels; auto: a 28th of the shorter side, 8 at 224");

    private readonly MethodOption<double> _share = new(
        "share",
        "share of the image's probability, or of a unit's rise over the fill, that must stay; auto: the class on top, 0.9 of a unit",
        0,
        ParseShare,
        x => x == 0 ? "auto" : x.ToString(CultureInfo.InvariantCulture),
        "X|auto",
        "a number above 0 and up to 1, or auto");

    private readonly MethodOption<int> _samples =
        PerturbationOptions.Samples("random places at which each region's shape is tried, for what chance gives", 16);

    private readonly MethodOption<int> _passes = MethodOption.Whole("passes", "most passes of the search", 500, 10, 10_000_000);

    /// <inheritdoc/>
    public override string Name => "sufficient";

    /// <inheritdoc/>
    public override string Title => "Sufficient regions";

    /// <inheritdoc/>
    public override string Summary => "small disjoint regions each of which keeps the class alone, and one whose loss changes it";

    /// <inheritdoc/>
    public override string Formula =>
        "1/k in region k: a small connected R_k, disjoint from R_1 … R_{k−1}, with argmax z(x on R_k, fill elsewhere) = c";

    /// <inheritdoc/>
    public override string Paper => "B. Carter, J. Mueller, S. Jain, D. Gifford, arXiv 1810.03805";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_regions, PerturbationOptions.Fill, _share, _cell, _samples, _passes];

    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request)
    {
        OptionValues options = request.Options;
        return new(options.Get(_passes) + ((options.Get(_regions) + 1L) * (options.Get(_samples) + 2)) + 2, 0);
    }

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        OptionValues options = request.Options;
        CellGrid grid = GridOf(request);
        float[] fill = options.Get(PerturbationOptions.Fill).Of(request.Input, request.Network.Preprocessing);
        var image = new RegionImage(request.Input.Tensor, fill, grid.Height, grid.Width);
        bool[] all = grid.Pixels(grid.Whole);
        RegionReading[] ends = RegionImage.Read(request, 2, (index, input) => image.Show(all, keeps: index == 0, input));
        var criterion = RegionCriterion.Of(request.Target, request.Network.Classes, options.Get(_share), ends[0], ends[1]);
        var found = new Found(request, grid, image, criterion, options.Get(_passes), options.Get(_samples));
        bool isTrivial = criterion.Holds(ends[1]), isGiven = criterion.Holds(ends[0]);
        if (double.IsFinite(ends[0].Score) && !isTrivial)
        {
            found.Search(options.Get(_regions), counterfactual: isGiven);
        }

        string? none = !double.IsFinite(ends[0].Score) ? null
            : isTrivial ? $"map is empty: {criterion.Words} with the fill alone, so every region is enough: "
                + "take another option 'fill', or option 'share'"
            : found.Regions.Count > 0 ? null
            : $"map is empty: no part of the image that was tried is enough, and neither is the whole, for this: {criterion.Words}";
        return found.Explain(ends[1], isGiven, none);
    }

    private CellGrid GridOf(AttributionRequest request)
    {
        (int height, int width) = (request.Input.Image.Height, request.Input.Image.Width);
        int side = request.Options.Get(_cell) is > 0 and var given ? given : CellGrid.StandardSide(height, width);
        return side <= Math.Min(height, width) ? new CellGrid(height, width, side)
            : throw new InputException(
            $"option 'cell' {side}: expected at most {Math.Min(height, width)}, the shorter side of the image; give a smaller cell");
    }

    private static double ParseShare(string text) => text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? 0
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) && x is > 0 and <= 1 ? x
        : throw new InputException("expected a number above 0 and up to 1, or auto");

    /// <summary>What was found of one image.</summary>
    private sealed class Found(
        AttributionRequest request, CellGrid grid, RegionImage image, RegionCriterion criterion, int passes, int samples)
    {
        private CheckedRegion? _without;
        private int _spent;

        internal List<CheckedRegion> Regions { get; } = [];

        /// <summary>
        /// Looks for regions until there is none left, and for the counterfactual one. The first may take half of the passes, since its
        /// windows serve all, and each of the others an equal part of those that are left; what remains at the end goes to those that are
        /// not minimal yet.
        /// </summary>
        internal void Search(int count, bool counterfactual)
        {
            int last = counterfactual ? 1 : 0;
            var keeps = new RegionSearch(grid, sets => Margins(sets, keeps: true), criterion.Holds);
            var loses = new RegionSearch(grid, sets => [.. Margins(sets, keeps: false).Select(m => -m)], m => RegionCriterion.Fails(-m));
            var found = new List<FoundRegion>();
            CellSet taken = grid.Empty;
            for (int rank = 1; rank <= count; rank++)
            {
                int share = rank == 1 && count + last > 1 ? passes / 2 : (passes - _spent) / (count - rank + 1 + last);
                if (keeps.Next(taken, keeps.Passes + share) is not { } region)
                {
                    break;
                }

                taken = taken.With(region.Cells);
                found.Add(region);
            }

            FoundRegion? without = counterfactual ? loses.Next(grid.Empty, passes - _spent) : null;
            var check = new RegionCheck(request, grid, image, samples);
            for (int k = 0; k < found.Count; k++)
            {
                FoundRegion region = found[k].IsMinimal ? found[k] : keeps.Shrink(found[k], keeps.Passes + passes - _spent);
                Regions.Add(check.Of(region, keeps: true, criterion.Holds, (ulong)(k + 1)));
            }

            _without = without is null ? null
                : check.Of(without, keeps: false, r => RegionCriterion.Fails(criterion.Margin(r)), CounterfactualStream);
            request.Progress?.Invoke(1);
        }

        internal Explanation Explain(RegionReading fill, bool isGiven, string? none)
        {
            var map = new float[grid.Height * grid.Width];
            for (int k = 0; k < Regions.Count; k++)
            {
                for (int i = 0; i < map.Length; i++)
                {
                    map[i] = Regions[k].Pixels[i] ? 1f / (k + 1) : map[i];
                }
            }

            return new Explanation(map)
            {
                Facts = [.. Facts(fill)],
                Arrays = _without is null ? []
                    : [new("counterfactual", new Shape(1, grid.Height, grid.Width), [.. _without.Pixels.Select(p => p ? 1f : 0)])],
                Images = RegionDrawing.Of(request, image, Regions, _without),
                Diagnosis = none is null ? [] : [none],
                Remarks = [.. Words(isGiven)],
            };
        }

        private IEnumerable<Fact> Facts(RegionReading fill)
        {
            yield return new("criterion", criterion.Words);
            yield return new("cell", grid.Side);
            yield return new("fill_score", fill.Score);
            yield return new("regions_found", Regions.Count);
            yield return new("search_passes", _spent);
            IEnumerable<Fact> all = Regions.SelectMany(
                (r, k) => RegionReport.Facts($"region_{k + 1}", r, request.Network, criterion.Holds));
            foreach (Fact fact in _without is null ? all
                : all.Concat(RegionReport.Facts("counterfactual", _without, request.Network, holds: null)))
            {
                yield return fact;
            }
        }

        private IEnumerable<string> Words(bool isGiven)
        {
            for (int k = 0; k < Regions.Count; k++)
            {
                yield return RegionReport.Words(k + 1, Regions[k], request.Network, criterion.Holds(Regions[k].Cropped));
            }

            if (_without is not null)
            {
                yield return RegionReport.WordsWithout(_without, request.Network);
            }
            else if (Regions.Count > 0 && !isGiven)
            {
                yield return "no counterfactual region: the whole image does not meet the criterion";
            }
        }

        private double[] Margins(IReadOnlyList<CellSet> sets, bool keeps)
        {
            bool[][] pixels = [.. sets.Select(grid.Pixels)];
            RegionReading[] read = image.ReadChanged(
                request,
                keeps,
                [.. pixels.Select(p => RegionBox.Around(p, grid.Width))],
                (index, input) => image.Show(pixels[index], keeps, input));
            _spent += sets.Count;
            request.Progress?.Invoke(Math.Min(1, _spent / (double)passes));
            return [.. read.Select(criterion.Margin)];
        }
    }
}
