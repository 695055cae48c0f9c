using Interp.Engine.Attribution;
using Interp.Engine.Evidence.Numerics;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// The target along a series of images: y(n) after n of N pixels, and the area under it over the share n/N. Points lie at even steps
/// (<see cref="EvidenceOptions.CurveSteps"/>), the area then being the trapezoids', or where the curve moves: at first at 1/16, 1/4 and 1/2
/// from the end where it is expected to move, then in the middle of those intervals [a, b] whose (b − a)·|y(b) − y(a)| / 2 is largest, until
/// these add up to at most <see cref="EvidenceOptions.CurveTolerance"/> of the range of all y, or 32 points lie between the ends. That sum
/// bounds the error of the trapezoids' area if the curve only falls or only rises between two neighbouring points. The area is then that
/// under a cubic through the points that rises and falls only where they do (F. Fritsch, J. Butland, SIAM Journal on Scientific and
/// Statistical Computing 5, 1984), since trapezoids overestimate what falls fast at first. Deterministic.
/// </summary>
/// <param name="options">Where points lie.</param>
/// <param name="pixels">N.</param>
/// <param name="at">The image after so many pixels.</param>
/// <param name="isLate">Whether the curve is expected to move at its end.</param>
internal sealed class ChangeCurve(EvidenceOptions options, int pixels, Func<int, EvidenceImage> at, bool isLate)
{
    private const int MostInside = 32;
    private const int MostAtOnce = 6;
    private static readonly double[] s_first = [1 / 16.0, 1 / 4.0, 1 / 2.0];
    private readonly SortedList<int, double> _points = [];

    /// <summary>About how many images a curve takes with both of its ends.</summary>
    public static int Passes(EvidenceOptions options) => options.CurveSteps > 0 ? options.CurveSteps + 1 : 12;

    /// <summary>The area, for shares from 0 to 1.</summary>
    public double Area
    {
        get
        {
            double[] slopes = options.CurveSteps > 0 ? new double[_points.Count] : MonotoneCubic.Slopes(_points.Keys, _points.Values);
            return Enumerable.Range(1, _points.Count - 1).Sum(i =>
            {
                double width = _points.Keys[i] - _points.Keys[i - 1];
                double bend = width > 1 ? width * width / 12 * (slopes[i - 1] - slopes[i]) : 0; // Nothing lies between neighbours.
                return (width * (_points.Values[i - 1] + _points.Values[i]) / 2) + bend;
            }) / pixels;
        }
    }

    /// <summary>The bound of the trapezoids' error, of the unit of y.</summary>
    public double Bound => Intervals().Sum(i => i.Bound);

    /// <summary>The images that are wanted, as often as it takes.</summary>
    public IEnumerable<EvidenceImages> Steps()
    {
        for (int[] next = First(); next.Length > 0; next = Next())
        {
            var wanted = new EvidenceImages([.. next.Select(at)]);
            yield return wanted;
            for (int i = 0; i < next.Length; i++)
            {
                _points.Add(next[i], wanted.Scores[i]);
            }
        }
    }

    /// <summary>Its points, <c>[2,n]</c>: shares of pixels, values.</summary>
    public NamedArray Named(string name) => EvidenceFinding.Curve(name, [.. _points.Keys.Select(n => (double)n / pixels)], [.. _points.Values]);

    private int[] First()
    {
        if (options.CurveSteps > 0)
        {
            int steps = Math.Min(options.CurveSteps, pixels);
            return [.. Enumerable.Range(0, steps + 1).Select(i => (int)Math.Round((double)i * pixels / steps))];
        }

        IEnumerable<int> inside = s_first.Select(f => (int)Math.Round(f * pixels)).Select(n => isLate ? pixels - n : n);
        return [.. inside.Append(0).Append(pixels).Distinct()];
    }

    private int[] Next()
    {
        double allowed = options.CurveTolerance * (_points.Values.Max() - _points.Values.Min()), bound = Bound;
        var middles = new List<int>();
        foreach (Interval widest in Intervals().Where(i => i.End - i.Start > 1).OrderByDescending(i => i.Bound).ThenBy(i => i.Start))
        {
            bool isEnough = options.CurveSteps > 0 || !(bound > allowed) || middles.Count == MostAtOnce
                || _points.Count - 2 + middles.Count == MostInside;
            if (isEnough)
            {
                break;
            }

            middles.Add((widest.Start + widest.End) / 2);
            bound -= widest.Bound / 2; // The middle halves it, wherever the curve passes.
        }

        return [.. middles];
    }

    private IEnumerable<Interval> Intervals() => Enumerable.Range(1, _points.Count - 1).Select(i =>
    {
        (int start, int end) = (_points.Keys[i - 1], _points.Keys[i]);
        double rise = Math.Abs(_points.Values[i] - _points.Values[i - 1]);
        return new Interval(start, end, end - start > 1 ? (end - start) * rise / 2 / pixels : 0);
    });

    /// <param name="Start">Pixels at its beginning.</param>
    /// <param name="End">Pixels at its end.</param>
    /// <param name="Bound">How far its area may be off; 0 where there is nothing between.</param>
    private readonly record struct Interval(int Start, int End, double Bound);
}
