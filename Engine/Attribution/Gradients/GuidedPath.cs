namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// A path from x' to x on which, at each step, the values with the least |∂S/∂x_i| move first. Before and after each step of share α of the
/// way,
/// Σ_i |x_i − p_i| is exactly that of the straight line, and no value is further from its place there than a share d of its own way: those
/// behind
/// α − d catch up, those at α + d wait.
/// Bounded guided IG without anchors: A. Kapishnikov et al., arXiv 2106.09788, algorithm 1 and section 4.1, the path of the authors'
/// program. Float64.
/// </summary>
/// <remarks>
/// The integral along the path is the trapezoid sum. The authors' program takes the gradient before each move, at which the values that
/// move were
/// chosen for a small one: that is biased, and the error does not vanish with more steps as long as values move in jumps of d.
/// </remarks>
internal sealed class GuidedPath
{
    private const double Close = 1e-9;
    private readonly StraightLine _line;
    private readonly double _fraction;
    private readonly double _maxDistance;
    private readonly double[] _place;
    private readonly double[] _moved;
    private readonly double _length;
    private float[] _before = [];

    /// <param name="line">From x' to x.</param>
    /// <param name="fraction">The share of all values that move at once.</param>
    /// <param name="maxDistance">d.</param>
    public GuidedPath(StraightLine line, double fraction, double maxDistance)
    {
        (_line, _fraction, _maxDistance) = (line, fraction, maxDistance);
        _place = Array.ConvertAll(line.Start, v => (double)v);
        _moved = new double[_place.Length];
        Attribution = new double[_place.Length];
        _length = Left();
    }

    /// <summary>Σ over the moves made so far, except those since <see cref="Arrive"/>, of way times the mean of the gradients before and
    /// after.</summary>
    public double[] Attribution { get; }

    /// <summary>Where the path is now.</summary>
    public void CopyTo(Span<float> input)
    {
        for (int i = 0; i < _place.Length; i++)
        {
            input[i] = (float)_place[i];
        }
    }

    /// <summary>Takes ∂S/∂x at the place where the path is now.</summary>
    public void Arrive(ReadOnlySpan<float> gradient)
    {
        for (int i = 0; i < _before.Length; i++)
        {
            Attribution[i] += _moved[i] * 0.5 * ((double)_before[i] + gradient[i]);
        }

        Array.Clear(_moved);
        _before = gradient.ToArray();
    }

    /// <summary>Moves on by the gradient that was taken last.</summary>
    /// <param name="share">α after the step, ascending to 1.</param>
    public void Advance(double share)
    {
        (double low, double high) = (Math.Max(share - _maxDistance, 0), Math.Min(share + _maxDistance, 1));
        CatchUp(low);
        double target = _length * (1 - share);
        (float[] sizes, int[] order) = BySize(_before);
        for (double excess = Left() - target; excess > Close * Math.Max(1, _length); excess = Left() - target)
        {
            List<int> chosen = Choose(sizes, order, high);
            double reach = chosen.Sum(i => Math.Abs(At(i, high) - _place[i]));
            if (reach == 0)
            {
                return;
            }

            double part = Math.Min(excess / reach, 1);
            foreach (int i in chosen)
            {
                Move(i, part == 1 ? At(i, high) : _place[i] + (part * (At(i, high) - _place[i])));
            }
        }
    }

    private static (float[] Sizes, int[] Order) BySize(float[] gradient)
    {
        var sizes = new float[gradient.Length];
        var order = new int[gradient.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            (sizes[i], order[i]) = (Math.Abs(gradient[i]), i);
        }

        Array.Sort(sizes, order);
        return (sizes, order);
    }

    /// <summary>Of the values that are not yet at the upper bound those with the least gradients: the fraction, counted over all values,
    /// and their equals.</summary>
    private List<int> Choose(float[] sizes, int[] order, double high)
    {
        int wanted = (int)(_fraction * (order.Length - 1)) + 1;
        var chosen = new List<int>();
        float last = 0;
        for (int k = 0; k < order.Length && (chosen.Count < wanted || sizes[k] == last); k++)
        {
            if (_place[order[k]] != At(order[k], high))
            {
                chosen.Add(order[k]);
                last = sizes[k];
            }
        }

        return chosen;
    }

    private void CatchUp(double low)
    {
        for (int i = 0; i < _place.Length; i++)
        {
            double way = (double)_line.End[i] - _line.Start[i];
            if (way != 0 && (_place[i] - _line.Start[i]) / way < low)
            {
                Move(i, At(i, low));
            }
        }
    }

    private double At(int i, double share) => _line.Start[i] + (share * ((double)_line.End[i] - _line.Start[i]));

    private double Left()
    {
        double sum = 0;
        for (int i = 0; i < _place.Length; i++)
        {
            sum += Math.Abs(_line.End[i] - _place[i]);
        }

        return sum;
    }

    private void Move(int i, double to)
    {
        _moved[i] += to - _place[i];
        _place[i] = to;
    }
}
