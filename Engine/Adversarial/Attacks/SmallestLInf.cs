using System.Globalization;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// The smallest ε in L∞ at which PGD succeeds, in whole grey levels (in eighths of one off the lattice): doubled until it does, then
/// bisected between the last failure and the first success. Success need not be monotone in ε, so larger ones are tried as well: 1 more and
/// twice as much; a failure there is said.
/// </summary>
internal sealed class SmallestLInf : MinimalAttack
{
    private const int PartsOfLevel = 8;

    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(20);

    public override string Name => "smallest-linf";

    public override string Summary => "PGD at the smallest whole grey level at which it succeeds";

    public override string Source => "A. Madry et al., ICLR 2018, section 2.1, with bisection over epsilon";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.LInf];

    public override IReadOnlyList<MethodOption> Options => [s_steps, AttackOptions.Restarts, AttackOptions.Loss];

    private static Attack Inner => Attacks.All.Find("pgd");

    public override Work MostWork(OptionValues options)
    {
        // 8 doublings, 7 halvings and 2 larger ones on the lattice; 11, 10 and 2 off it.
        Work one = Inner.MostWork(Configured(options));
        return new Work(1 + (23 * one.Forward), 23 * one.Backward);
    }

    public override int LeastClasses(AttackGoal goal, OptionValues options) => Inner.LeastClasses(goal, Configured(options));

    protected override float[] Seek(AttackProblem problem, float[] logits)
    {
        var ladder = new Ladder(problem with { Options = Configured(problem.Options) });
        int most = (int)Math.Min(255, problem.Ball.Radius) * ladder.Parts, low = 0, high = 1;
        while (!ladder.Succeeds(high))
        {
            if (high >= most)
            {
                problem.Say?.Invoke($"no success at epsilon {ladder.Text(high)} nor below");
                return ladder.Answer;
            }

            (low, high) = (high, Math.Min(most, 2 * high));
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = ladder.Succeeds(middle) ? (low, middle) : (middle, high);
        }

        float[] answer = ladder.Answer;
        int[] failures = [.. ((int[])[high + 1, 2 * high]).Distinct().Where(n => n <= most && !ladder.Succeeds(n))];
        problem.Say?.Invoke($"smallest epsilon with success: {ladder.Text(high)}"
            + (failures.Length == 0 ? "" : $"; none at the larger {string.Join(" and ", failures.Select(ladder.Text))}"));
        return answer;
    }

    private static OptionValues Configured(OptionValues options) => Inner.Configure(options.Texts.ToDictionary(t => t.Key, t => t.Value));

    /// <summary>The attack at multiples of a unit, each tried once.</summary>
    private sealed class Ladder(AttackProblem problem)
    {
        private readonly Dictionary<int, bool> _tried = [];
        private int _step = 1;
        private int _best = int.MaxValue;
        private double _least = double.PositiveInfinity;

        /// <summary>The image at the smallest ε with success; where there is none, the one with the least margin.</summary>
        internal float[] Answer { get; private set; } = [.. problem.Surface.Clean];

        /// <summary>How many units a grey level has.</summary>
        internal int Parts { get; } = problem.Lattice ? 1 : PartsOfLevel;

        internal string Text(int units) => string.Create(CultureInfo.InvariantCulture, $"{(double)units / Parts}/255");

        internal bool Succeeds(int units)
        {
            if (_tried.TryGetValue(units, out bool before))
            {
                return before;
            }

            float[] found = Inner.Run(problem with
            {
                Ball = new PixelBall(PixelNorm.LInf, (double)units / Parts, problem.Surface.Clean, 255),
                Watch = s => problem.Watch?.Invoke(s with { Index = _step++ }),
            });
            float[] logits = problem.Model.Logits(found, problem.Cancel);
            bool reached = problem.Goal.IsReached(logits);
            double margin = problem.Goal.Margin(logits);
            if (reached ? units < _best : _best == int.MaxValue && margin < _least)
            {
                (Answer, _least, _best) = (found, margin, reached ? units : _best);
            }

            return _tried[units] = reached;
        }
    }
}
