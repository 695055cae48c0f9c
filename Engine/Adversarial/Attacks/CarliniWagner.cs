using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// min ‖x' − x‖₂² + c·max(−f(x'), −κ) over x' = ½·(tanh w + 1), pixels in 0…1, by Adam on w (β 0.9, 0.999), where f is z_k − z_y
/// of the best other class, or z_t − z_k; then again with another c, larger after a failure and smaller after a success. The nearest
/// image with f ≥ κ counts. (N. Carlini, D. Wagner, 2017, section VI.A, f₆.)
/// </summary>
/// <remarks>
/// Adam's first steps move every value by the rate whatever the gradient, so the rate that is fit depends on how many values there are and
/// how near the boundary is: a fixed 0.01 moves an image of 224×224 by ten times the distance that is sought, and the search then only
/// shrinks c. Here the rate of the first step is <c>step</c> of the way to the boundary as it looks from the clean image,
/// and falls to 0 in a straight line; the first c is the one whose optimum lies on that boundary, 2|f|/‖∇f‖².
/// </remarks>
internal sealed class CarliniWagner : MinimalAttack
{
    private const double Shrink = 0.999999;

    private static readonly MethodOption<int> s_steps = MethodOption.Whole("steps", "steps of Adam for each c", 60, 1, 100000);

    private static readonly MethodOption<int> s_searches = MethodOption.Whole("searches", "how many values of c are tried", 3, 1, 100);

    private static readonly MethodOption<double> s_step =
        MethodOption.Real("step", "the first step, as a share of the way to the linearised boundary", 0.2, 1e-6, 100);

    private static readonly MethodOption<double> s_confidence =
        MethodOption.Real("confidence", "κ: by how much the wanted logit has to lead", 0, 0, 1e6);

    public override string Name => "cw";

    public override string Summary => "Distance plus c times the margin, by Adam; c by bisection";

    public override string Source => "N. Carlini, D. Wagner, IEEE Symposium on Security and Privacy 2017, section VI.A";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.L2];

    public override IReadOnlyList<MethodOption> Options => [s_steps, s_searches, s_step, s_confidence, LatticeFinish.Rounds];

    public override Work MostWork(OptionValues options)
    {
        long passes = (long)options.Get(s_steps) * options.Get(s_searches);
        return new Work(1 + passes, 1 + passes) + LatticeFinish.MostWork(options);
    }

    protected override float[] Seek(AttackProblem problem, float[] logits)
    {
        OptionValues options = problem.Options;
        var pursuit = new Pursuit(problem, first: 1, options.Get(s_confidence));
        var search = new Descent(pursuit, options.Get(s_confidence));
        (double c, double rate) = First(pursuit, logits, search, options);
        (double low, double high) = (0, double.PositiveInfinity);
        for (int k = 0; k < options.Get(s_searches) && double.IsFinite(c); k++)
        {
            (low, high) = search.Run(c, rate, options.Get(s_steps)) ? (low, c) : (c, high);
            c = low == 0 ? high / 10 : double.IsInfinity(high) ? 10 * low : Math.Sqrt(low * high);
        }

        return LatticeFinish.Of(pursuit);
    }

    /// <summary>The first c and the first rate, from the boundary as it looks from the clean image; an infinite c where it shows
    /// none.</summary>
    private static (double C, double Rate) First(Pursuit pursuit, float[] logits, Descent search, OptionValues options)
    {
        var pair = LogitPair.Of(pursuit.Problem.Goal, logits);
        var gradient = new float[pursuit.Problem.Surface.Clean.Length];
        pursuit.Gradient(pair, gradient);
        double squares = 0, slopes = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double slope = search.Slope(i);
            squares += 255 * 255 * (double)gradient[i] * gradient[i];
            slopes += slope * slope;
        }

        double f = Math.Abs(pair.Value(logits)) + options.Get(s_confidence);
        double way = f / Math.Sqrt(squares);
        return squares > 0 && slopes > 0
            ? (2 * f / squares, options.Get(s_step) * way / Math.Sqrt(slopes))
            : (double.PositiveInfinity, 0);
    }

    /// <summary>Adam on w, from the clean image.</summary>
    private sealed class Descent
    {
        private readonly Pursuit _pursuit;
        private readonly double _confidence;
        private readonly double[] _start, _w, _m, _v;
        private readonly float[] _x, _gradient;

        internal Descent(Pursuit pursuit, double confidence)
        {
            (_pursuit, _confidence) = (pursuit, confidence);
            _start = [.. pursuit.Problem.Surface.Clean.Select(v => Math.Atanh(Shrink * ((2 * v / 255.0) - 1)))];
            (_w, _m, _v) = (new double[_start.Length], new double[_start.Length], new double[_start.Length]);
            (_x, _gradient) = (new float[_start.Length], new float[_start.Length]);
        }

        /// <summary>∂x'/∂w of a value of the clean image, in 0…1.</summary>
        internal double Slope(int i) => SlopeAt(Math.Tanh(_start[i]));

        /// <summary>One search: whether any image reached the goal.</summary>
        internal bool Run(double c, double rate, int steps)
        {
            _start.CopyTo(_w, 0);
            Array.Clear(_m);
            Array.Clear(_v);
            bool reached = false;
            for (int t = 1; t <= steps; t++)
            {
                for (int i = 0; i < _x.Length; i++)
                {
                    _x[i] = (float)(127.5 * (Math.Tanh(_w[i]) + 1));
                }

                float[] logits = _pursuit.Look(_x);
                reached |= _pursuit.IsReached(logits);
                var pair = LogitPair.Of(_pursuit.Problem.Goal, logits);
                bool pushed = pair.Value(logits) < _confidence || !_pursuit.Problem.Goal.IsReached(logits);
                if (pushed)
                {
                    _pursuit.Gradient(pair, _gradient);
                }

                Update(pushed ? c : 0, rate * (steps + 1 - t) / steps, t);
            }

            return reached;
        }

        private static double SlopeAt(double tanh) => 0.5 * (1 - (tanh * tanh));

        private void Update(double c, double rate, int t)
        {
            float[] clean = _pursuit.Problem.Surface.Clean;
            double first = 1 - Math.Pow(0.9, t), second = 1 - Math.Pow(0.999, t);
            for (int i = 0; i < _w.Length; i++)
            {
                double tanh = Math.Tanh(_w[i]), x = 0.5 * (tanh + 1);
                double g = ((2 * (x - (clean[i] / 255.0))) - (c * 255 * _gradient[i])) * SlopeAt(tanh);
                _m[i] = (0.9 * _m[i]) + (0.1 * g);
                _v[i] = (0.999 * _v[i]) + (0.001 * g * g);
                _w[i] -= rate * (_m[i] / first) / (Math.Sqrt(_v[i] / second) + 1e-8);
            }
        }
    }
}
