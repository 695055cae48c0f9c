using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Random search without gradients: from vertical stripes of ±ε, squares of one random sign a colour are tried at random places, and kept
/// where the margin falls. Their side is √(p·H·W), with p halved on the way. Only logits are asked for.
/// </summary>
internal sealed class Square : Attack
{
    private static readonly MethodOption<int> s_queries = MethodOption.Whole("queries", "images looked at, at most", 5000, 1, 10_000_000);
    private static readonly MethodOption<double> s_share = MethodOption.Real(
        "square-share", "share of the image that the first squares cover", 0.8, 0.0001, 1);

    private static readonly MethodOption<bool> s_rescale = MethodOption.Switch(
        "rescale", "halve the squares in proportion to the queries, instead of at fixed ones");

    /// <summary>Queries out of 10,000 after which the squares' share of the image is halved.</summary>
    private static readonly int[] s_halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

    public override string Name => "square";

    public override string Summary => "Random squares, kept where they help; needs no gradient";

    public override string Source => "M. Andriushchenko, F. Croce, N. Flammarion, M. Hein, ECCV 2020, algorithms 1 and 2";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.LInf];

    public override IReadOnlyList<MethodOption> Options => [s_queries, s_share, s_rescale];

    public override Work MostWork(OptionValues options) => new(options.Get(s_queries), 0);

    public override float[] Run(AttackProblem problem)
    {
        var search = new Search(problem);
        Surface surface = problem.Surface;
        (int height, int width) = (surface.Window.Height, surface.Window.Width);
        int queries = problem.Options.Get(s_queries);
        var draws = new Draws(problem.Random(AttackStreams.Square));
        float[] x = Stripes(problem, draws), next = new float[x.Length];
        double least = problem.Goal.Margin(search.Look(x));
        for (int q = 0; q < queries - 1 && !search.Reached; q++)
        {
            int at = problem.Options.Get(s_rescale) ? (int)(q * 10_000L / queries) : q;
            int side = Side(problem.Options.Get(s_share), at, height, width);
            x.CopyTo(next, 0);
            var square = new PixelWindow(draws.Below(width - side + 1), draws.Below(height - side + 1), side, side);
            for (int c = 0; c < surface.Channels; c++)
            {
                Move(problem, next, c, square, 2 * draws.Sign() * problem.Ball.Radius);
            }

            problem.Ball.Project(next);
            double margin = problem.Goal.Margin(search.Look(next));
            if (margin < least)
            {
                least = margin;
                (x, next) = (next, x);
            }
        }

        return search.Best;
    }

    /// <summary>The side of a query's square.</summary>
    /// <param name="share">p at first.</param>
    /// <param name="query">Counted from 0.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    internal static int Side(double share, int query, int height, int width)
    {
        double p = share / (1 << s_halvings.Count(h => query > h));
        return Math.Clamp((int)Math.Round(Math.Sqrt(p * height * width)), 1, Math.Min(height, width));
    }

    private static float[] Stripes(AttackProblem problem, Draws draws)
    {
        float[] x = [.. problem.Surface.Clean];
        (int height, int width) = (problem.Surface.Window.Height, problem.Surface.Window.Width);
        for (int c = 0; c < problem.Surface.Channels; c++)
        {
            for (int column = 0; column < width; column++)
            {
                Move(problem, x, c, new PixelWindow(column, 0, 1, height), draws.Sign() * problem.Ball.Radius);
            }
        }

        problem.Ball.Project(x);
        return x;
    }

    private static void Move(AttackProblem problem, float[] x, int channel, PixelWindow part, double by)
    {
        PixelWindow whole = problem.Surface.Window;
        for (int y = part.Top; y < part.Top + part.Height; y++)
        {
            foreach (ref float v in x.AsSpan((((channel * whole.Height) + y) * whole.Width) + part.Left, part.Width))
            {
                v += (float)by;
            }
        }
    }

    /// <summary>Random numbers one after another.</summary>
    private sealed class Draws(Rng random)
    {
        private ulong _next;

        internal int Sign() => random.Uniform(_next++) < 0.5 ? -1 : 1;

        internal int Below(int count) => (int)(random.Uniform(_next++) * count);
    }
}
