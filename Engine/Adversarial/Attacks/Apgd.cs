using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>Auto-PGD with one loss.</summary>
internal sealed class Apgd(string name, AttackLoss loss) : GradientAttack
{
    internal static readonly MethodOption<int> Steps = AttackOptions.Steps(100);

    internal const string Paper = "F. Croce, M. Hein, ICML 2020, algorithm 1";

    public override string Name => name;

    public override string Summary => $"Steps with momentum that halve themselves, on the {loss.Name} loss";

    public override string Source => Paper;

    public override IReadOnlyList<MethodOption> Options => [Steps, AttackOptions.Restarts];

    public override Work MostWork(OptionValues options) => Cost(options, 1);

    /// <summary>The most passes of so many ascents for each restart.</summary>
    internal static Work Cost(OptionValues options, int ascents)
    {
        long passes = (long)options.Get(AttackOptions.Restarts) * ascents * (options.Get(Steps) + 1);
        return new Work(passes, passes);
    }

    protected override AttackLoss LossOf(OptionValues options) => loss;

    private protected override void Run(AttackProblem problem, Search search)
    {
        for (int i = 0; i < problem.Options.Get(AttackOptions.Restarts) && !search.Reached; i++)
        {
            new AutoStep(problem, search, loss, problem.Goal, problem.Options.Get(Steps))
                .Climb(search.RandomStart(AttackStreams.Start + (ulong)i));
        }
    }
}
