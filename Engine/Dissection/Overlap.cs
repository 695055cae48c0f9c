namespace Interp.Engine.Dissection;

/// <summary>
/// How a unit's mask M lies on a concept's places L, as numbers of places of the label grid, summed over images. Only images that carry a
/// label of the concept's category count (or all, see <see cref="MaskShare"/>), and nowhere places whose label is unknown.
/// </summary>
/// <param name="Intersection">|M ∩ L|.</param>
/// <param name="Truth">|L|.</param>
/// <param name="Mask">|M|.</param>
/// <param name="Known">All places that count.</param>
public readonly record struct Overlap(long Intersection, long Truth, long Mask, long Known)
{
    /// <summary>|M ∩ L| / |M ∪ L|, the score of D. Bau et al. (CVPR 2017); 0 where both are empty.</summary>
    public double Iou => Ratio(Intersection, Truth + Mask - Intersection);

    /// <summary>The largest IoU that masks and concepts of these sizes can have: min(|M|, |L|) / max(|M|, |L|).</summary>
    public double Ceiling => Ratio(Math.Min(Truth, Mask), Math.Max(Truth, Mask));

    /// <summary>|M ∩ L| / |M|: the share of the mask that lies on the concept.</summary>
    public double Precision => Ratio(Intersection, Mask);

    /// <summary>|M ∩ L| / |L|: the share of the concept that the mask covers.</summary>
    public double Recall => Ratio(Intersection, Truth);

    /// <summary>Precision / (|L| / known places): how many times as often the mask lies on the concept as a random place does.</summary>
    public double Lift => Truth == 0 ? 0 : Precision * Known / Truth;

    /// <summary>
    /// The information quality ratio of the two: mutual information by joint entropy, 0 … 1. It is 0 where that is undefined, and where
    /// the mask lies on the concept less often than a random place does, since avoiding a concept is not detecting it.
    /// </summary>
    public double InformationQuality
    {
        get
        {
            if (Known == 0 || Lift <= 1)
            {
                return 0;
            }

            double n = Known, mask = Mask / n, truth = Truth / n;
            (double information, double entropy) = (0, 0);
            Cell(Intersection, mask, truth);
            Cell(Mask - Intersection, mask, 1 - truth);
            Cell(Truth - Intersection, 1 - mask, truth);
            Cell(Known - Truth - Mask + Intersection, 1 - mask, 1 - truth);
            return entropy > 0 ? Math.Clamp(information / entropy, 0, 1) : 0;

            void Cell(long count, double row, double column)
            {
                if (count > 0)
                {
                    double p = count / n;
                    information += p * Math.Log(p / (row * column));
                    entropy -= p * Math.Log(p);
                }
            }
        }
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
