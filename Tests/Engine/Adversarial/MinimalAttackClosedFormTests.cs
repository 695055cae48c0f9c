using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>On a linear network the nearest image of another class is known: the nearest of the projections on the hyperplanes
/// z_k = z_y.</summary>
[TestClass]
public sealed class MinimalAttackClosedFormTests
{
    private const int Size = 7, Values = 3 * Size * Size;

    /// <summary>Networks of 2 and 5 classes; y the first, one within and the last; logits all far below 0.</summary>
    public static IEnumerable<object[]> Networks =>
        from classes in (int[])[2, 5]
        from y in (int[])[0, classes / 2, classes - 1]
        from bias in (float[])[0, -1000]
        select new object[] { classes, y, bias };

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void DeepFool_OneStep_IsTheDistanceTimesItsOvershoot(int classes, int y, float bias)
    {
        Problem p = Make(classes, y, bias);
        foreach (PixelNorm norm in Attacks.All.Find("deepfool").Norms)
        {
            AttackResult result = p.Run("deepfool", norm);
            Assert.IsTrue(result.Claimed);
            Assert.HasCount(2, result.Steps, "the clean image and one step");
            Assert.AreEqual(1.02 * p.Distance(norm), p.Reached(result, norm), Tolerance(bias) * p.Distance(norm), norm.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fab_ManySteps_EndsOnTheProjection(int classes, int y, float bias)
    {
        Problem p = Make(classes, y, bias);
        foreach (PixelNorm norm in Attacks.All.Find("fab").Norms)
        {
            AttackResult result = p.Run("fab", norm, ("classes", "4"));
            Assert.IsTrue(result.Claimed);
            double reached = p.Reached(result, norm) / p.Distance(norm);
            Assert.IsGreaterThan(1 - Tolerance(bias), reached, norm.Name);
            Assert.IsLessThan(1.01 + Tolerance(bias), reached, $"{norm.Name}: 5 % too far, stepped back by 10 % and projected again");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void CarliniWagner_Distance_IsWithinFivePercent(int classes, int y, float bias)
    {
        Problem p = Make(classes, y, bias);
        AttackResult result = p.Run("cw", PixelNorm.L2, ("steps", "200"), ("searches", "5"));
        Assert.IsTrue(result.Claimed);
        double reached = p.Reached(result, PixelNorm.L2) / p.Distance(PixelNorm.L2);
        Assert.IsGreaterThan(1 - Tolerance(bias), reached);
        Assert.IsLessThan(1.05, reached);
    }

    [TestMethod]
    public void CarliniWagner_Confidence_IsTheLeadOfTheWantedLogit()
    {
        Problem p = Make(5, 2, 0);
        foreach (bool lattice in (bool[])[true, false])
        {
            AttackResult result = p.Run("cw", PixelNorm.L2, lattice, null, ("steps", "200"), ("confidence", "0.5"));
            Assert.IsTrue(result.Claimed);
            Assert.IsLessThanOrEqualTo(lattice ? -0.5 : -0.45, p.Goal.Margin(result.After), "by as much as asked, but for rounding");
            Assert.IsGreaterThan(p.Distance(PixelNorm.L2) * 1.02, p.Reached(result, PixelNorm.L2));
        }
    }

    /// <summary>On whole levels no attack is nearer than the lattice allows, and all of them are in the file.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Run_OnWholeLevels_IsInTheFileAndNearTheLeastThatTheLatticeHas(int classes, int y, float bias)
    {
        Problem p = Make(classes, y, bias);
        double least = p.LatticeDistance();
        foreach (string attack in (string[])["lattice", "deepfool", "fab", "cw"])
        {
            AttackResult result = p.Run(attack, PixelNorm.L2, lattice: true);
            Assert.IsTrue(result.Claimed && result.Success, attack);
            Assert.IsTrue(result.Levels.All(v => v == MathF.Floor(v)), attack);
            double reached = p.Reached(result, PixelNorm.L2) * 255;
            Assert.IsGreaterThan(least - 1e-9, Math.Round(reached * reached) + 1, $"{attack}: one level is the least that can be taken");
            Assert.IsLessThan(1.15, reached / Math.Sqrt(least + 1), attack);
        }
    }

    [TestMethod]
    public void Run_ATarget_IsReachedByAll()
    {
        Problem p = Make(5, 1, 0);
        foreach (string attack in (string[])["lattice", "deepfool", "fab", "cw", "smallest-linf"])
        {
            for (int t = 0; t < 5; t++)
            {
                Problem targeted = p with { Goal = new AttackGoal(1, t == 1 ? 4 : t) };
                AttackResult result = targeted.Run(attack, null, lattice: true);
                Assert.IsTrue(result.Success, $"{attack} to {t}");
                Assert.AreEqual(targeted.Goal.Target, AttackNets.ClassOf(result.After), attack);
            }
        }
    }

    [TestMethod]
    [DataRow("lattice")]
    [DataRow("deepfool")]
    [DataRow("fab")]
    [DataRow("cw")]
    [DataRow("smallest-linf")]
    public void Run_ANetworkThatSeesNothing_FailsAndSaysSo(string attack)
    {
        foreach (bool lattice in (bool[])[true, false])
        {
            foreach (AttackGoal goal in (AttackGoal[])[new(0), new(0, 2)])
            {
                AttackResult result = new Problem(new float[3 * Values], [2, 1, 0], AttackNets.Image(Size, Size), goal)
                    .Run(attack, null, lattice: lattice);
                Assert.IsFalse(result.Claimed || result.Success);
                Assert.IsTrue(result.Levels.All(v => v is >= 0 and <= 255 && (!lattice || v == MathF.Floor(v))));
            }
        }
    }

    [TestMethod]
    [DataRow("lattice")]
    [DataRow("deepfool")]
    [DataRow("fab")]
    [DataRow("cw")]
    [DataRow("smallest-linf")]
    public void Run_AlreadyOfAnotherClass_ReturnsTheImage(string attack)
    {
        Problem p = Make(5, 1, 0);
        AttackResult result = (p with { Goal = new AttackGoal(3) }).Run(attack, null, lattice: true);
        Assert.IsTrue(result.Already && result.Success);
        CollectionAssert.AreEqual(result.Clean.Pixels, result.Image.Pixels);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(p.Network, backend);
        model.Show(new NetworkSurface(p.Network, p.Image));
        Attack found = Attacks.All.Find(attack);
        var ball = new PixelBall(found.Norms[0], double.PositiveInfinity, model.Surface.Clean, 255);
        CollectionAssert.AreEqual(
            model.Surface.Clean, found.Run(new AttackProblem(model, new AttackGoal(3), ball, found.Configure())), "asked directly");
    }

    [TestMethod]
    [DataRow(3.2, 4)]
    [DataRow(6.9, 7)]
    [DataRow(0.3, 1)]
    public void SmallestLInf_AMarginBetweenTwoLevels_IsTheUpperOne(double levels, int expected)
    {
        // One step of PGD from anywhere in the ball need not reach its corner; twenty do.
        Problem p = Make(2, 0, 0, levels);
        AttackResult result = p.Run("smallest-linf", PixelNorm.LInf, lattice: true);
        Assert.IsTrue(result.Success);
        Assert.AreEqual(expected, PixelNorm.LInf.Distance(p.Levels, result.Levels));
        Assert.Contains($"smallest epsilon with success: {expected}/255", result.Remarks);
        AttackResult between = p.Run("smallest-linf", PixelNorm.LInf, lattice: false);
        Assert.AreEqual(Math.Ceiling(8 * levels) / 8, PixelNorm.LInf.Distance(p.Levels, between.Levels), 1e-5, "eighths of a level");
    }

    [TestMethod]
    public void Run_WithinAnEpsilonThatIsTooSmall_StaysInTheBallAndClaimsNothing()
    {
        Problem p = Make(2, 0, 0);
        foreach ((string attack, double share) in ((string, double)[])[("lattice", 0.5), ("deepfool", 0.5), ("fab", 0.5), ("cw", 0.5)])
        {
            double radius = share * p.Distance(PixelNorm.L2);
            AttackResult result = p.Run(attack, PixelNorm.L2, lattice: true, epsilon: radius);
            Assert.IsFalse(result.Claimed || result.Success, attack);
            Assert.IsLessThanOrEqualTo(radius * (1 + 1e-6), p.Reached(result, PixelNorm.L2), attack);
        }
    }

    /// <summary>Logits of size 1, or of size 1000 of which float32 keeps seven digits.</summary>
    private static double Tolerance(float bias) => bias == 0 ? 1e-4 : 5e-3;

    /// <summary>A network whose nearest boundary is some levels of L∞ away.</summary>
    private static Problem Make(int classes, int y, float bias, double levels = 3.3)
    {
        float[] w = AttackNets.Weights(Size, classes, seed: 3 + y);
        RgbImage image = AttackNets.Image(Size, Size);
        Problem bare = new(w, new float[classes], image, new AttackGoal(y));

        // Every other class k at a distance of its own: levels·(1 + 0.2·j).
        double[] z = bare.Logits();
        var b = new float[classes];
        for (int k = 0, j = 0; k < classes; k++)
        {
            double gap = k == y ? 0 : levels / 255 * (1 + (0.2 * j++)) * bare.Difference(k).Sum(Math.Abs);
            b[k] = (float)(bias + z[y] - z[k] - gap);
        }

        return bare with { Bias = b };
    }

    private sealed record Problem(float[] Weights, float[] Bias, RgbImage Image, AttackGoal Goal)
    {
        public Network Network => AttackNets.Linear(Size, Bias.Length, Weights, Bias);

        public float[] Levels { get; } = [.. Enumerable.Range(0, Values).Select(
            i => (float)Image.Pixels[(3 * (i % (Size * Size))) + (i / (Size * Size))])];

        public double[] Logits() => [.. Enumerable.Range(0, Bias.Length).Select(
            k => Levels.Select((v, i) => v / 255.0 * Weights[(k * Values) + i]).Sum() + Bias[k])];

        /// <summary>w_k − w_y.</summary>
        public double[] Difference(int k) => [.. Enumerable.Range(0, Values).Select(
            i => (double)Weights[(k * Values) + i] - Weights[(Goal.From * Values) + i])];

        private IEnumerable<(double F, double[] W)> Boundaries => Enumerable.Range(0, Bias.Length).Where(k => k != Goal.From).Select(
            k => (Logits()[Goal.From] - Logits()[k], Difference(k)));

        /// <summary>The distance to the nearest boundary in units of 0…1; no boundary is so far that the box is met.</summary>
        public double Distance(PixelNorm norm) => Boundaries.Min(
            b => b.F / (norm == PixelNorm.LInf ? b.W.Sum(Math.Abs) : Math.Sqrt(b.W.Sum(v => v * v))));

        /// <summary>The least Σk² of whole levels over any boundary: levels one after another, the dearest gain per price first.</summary>
        public double LatticeDistance() => Boundaries.Min(b =>
        {
            double gain = 0, price = 0;
            foreach ((double g, int k) in b.W.SelectMany(w => Enumerable.Range(1, 40).Select(k => (Math.Abs(w) / 255, k))).OrderByDescending(
                l => l.Item1 / ((2 * l.k) - 1)))
            {
                if (gain > b.F)
                {
                    break;
                }

                (gain, price) = (gain + g, price + (2 * k) - 1);
            }

            return price;
        });

        public double Reached(AttackResult result, PixelNorm norm) => norm.Distance(Levels, result.Levels) / 255;

        public AttackResult Run(string attack, PixelNorm? norm, params (string Name, string Value)[] options) =>
            Run(attack, norm, false, null, options);

        public AttackResult Run(
            string attack, PixelNorm? norm, bool lattice, double? epsilon = null, params (string Name, string Value)[] options)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
            using var model = new AttackedModel(Network, backend);
            Attack a = Attacks.All.Find(attack);
            return Attacker.Run(
                model, new NetworkSurface(Network, Image), a, Goal, norm, epsilon is { } e ? new Epsilon(e, "given") : null,
                a.Configure(options.ToDictionary(o => o.Name, o => o.Value)), lattice: lattice);
        }
    }
}
