using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>
/// What is to be small on the lattice of 8-bit images, where values change by whole levels k: Σ k² (L2) or the number of changed values
/// (L0).
/// </summary>
internal abstract class LatticeMeasure
{
    internal static LatticeMeasure L2 { get; } = new SquaresMeasure();

    internal static LatticeMeasure L0 { get; } = new CountMeasure();

    internal static Catalog<LatticeMeasure> All { get; } = new("measure", m => m.Name, L2, L0);

    internal abstract string Name { get; }

    /// <summary>What is small: the sum over the values of the price of each change.</summary>
    internal double Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Price(Math.Abs((double)x[i] - clean[i]));
        }

        return sum;
    }

    /// <summary>The price of a change by k levels.</summary>
    internal abstract double Price(double levels);

    /// <summary>What is left of a change by k levels when a piece of it is taken back: k − 1 or 0.</summary>
    internal abstract double Less(double levels);

    /// <summary>
    /// The cheapest change d in whole levels with ⟨g, d⟩ ≥ need and clean + d in the box, exactly but for the last value taken.
    /// </summary>
    /// <param name="clean">The clean image, in whole levels.</param>
    /// <param name="gradient">g.</param>
    /// <param name="need">How much ⟨g, d⟩ has to be; above 0.</param>
    /// <param name="most">How far a value may go.</param>
    /// <param name="change">Takes d; all that the box allows, where that is too little.</param>
    internal abstract void Project(
        ReadOnlySpan<float> clean, ReadOnlySpan<float> gradient, double need, int most, Span<float> change);

    private protected static double Room(float clean, float gradient, int most) =>
        Math.Min(most, BoxedHyperplane.Room(clean, gradient, 255));

    /// <summary>
    /// The k-th level of a value costs 2k − 1 and gains |g|, so levels are taken while |g|/(2k − 1) is above a threshold 1/(2s):
    /// k = ⌊s·|g| + ½⌋. That is s·g rounded: the stretched gradient, with s as small as will do.
    /// </summary>
    private sealed class SquaresMeasure : LatticeMeasure
    {
        internal override string Name => "l2";

        internal override double Price(double levels) => levels * levels;

        internal override double Less(double levels) => levels - 1;

        internal override void Project(
            ReadOnlySpan<float> clean, ReadOnlySpan<float> gradient, double need, int most, Span<float> change)
        {
            double largest = 0, all = 0;
            for (int i = 0; i < clean.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs(gradient[i]));
                all += Math.Abs(gradient[i]) * Room(clean[i], gradient[i], most);
            }

            if (!(all > need) || !(need > 0))
            {
                for (int i = 0; i < clean.Length; i++)
                {
                    change[i] = need > 0 ? (float)(Math.Sign(gradient[i]) * Room(clean[i], gradient[i], most)) : 0;
                }

                return;
            }

            double low = 0, high = 0.5 / largest;
            while (Gain(clean, gradient, high, most) < need)
            {
                (low, high) = (high, 2 * high);
            }

            while (high - low > 1e-9 * high)
            {
                double middle = (low + high) / 2;
                (low, high) = Gain(clean, gradient, middle, most) < need ? (middle, high) : (low, middle);
            }

            // What lies between is tied: as many as are needed, in the order of the values.
            double gain = Gain(clean, gradient, low, most);
            for (int i = 0; i < clean.Length; i++)
            {
                double g = Math.Abs(gradient[i]), room = Room(clean[i], gradient[i], most);
                double levels = Levels(low * g, room), more = gain < need ? Levels(high * g, room) - levels : 0;
                gain += more * g;
                change[i] = (float)(Math.Sign(gradient[i]) * (levels + more));
            }
        }

        private static double Gain(ReadOnlySpan<float> clean, ReadOnlySpan<float> gradient, double scale, int most)
        {
            double gain = 0;
            for (int i = 0; i < clean.Length; i++)
            {
                double g = Math.Abs(gradient[i]);
                if (scale * g >= 0.5)
                {
                    gain += g * Levels(scale * g, Room(clean[i], gradient[i], most));
                }
            }

            return gain;
        }

        private static double Levels(double scaled, double room) => Math.Min(room, Math.Floor(scaled + 0.5));
    }

    /// <summary>Each value that is changed at all goes as far as it may: those that gain most so are taken.</summary>
    private sealed class CountMeasure : LatticeMeasure
    {
        internal override string Name => "l0";

        internal override double Price(double levels) => levels > 0 ? 1 : 0;

        internal override double Less(double levels) => 0;

        internal override void Project(
            ReadOnlySpan<float> clean, ReadOnlySpan<float> gradient, double need, int most, Span<float> change)
        {
            var gains = new double[clean.Length];
            for (int i = 0; i < clean.Length; i++)
            {
                gains[i] = Math.Abs(gradient[i]) * Room(clean[i], gradient[i], most);
            }

            change.Clear();
            foreach (int i in Enumerable.Range(0, gains.Length).OrderByDescending(i => gains[i]))
            {
                if (need <= 0 || gains[i] == 0)
                {
                    break;
                }

                change[i] = (float)(Math.Sign(gradient[i]) * Room(clean[i], gradient[i], most));
                need -= gains[i];
            }
        }
    }
}
