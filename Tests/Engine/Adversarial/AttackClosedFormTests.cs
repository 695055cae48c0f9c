using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>On a linear network the answers are known.</summary>
[TestClass]
public sealed class AttackClosedFormTests
{
    private const int Size = 9;

    /// <summary>f = (w₁ − w₀)·x; nothing is clipped, so its change is ε·‖w₁ − w₀‖₁ / σ in L∞ and ε·‖w₁ − w₀‖₂ / σ in L2.</summary>
    [TestMethod]
    [DataRow("fgsm", "linf", 1.0f)]
    [DataRow("fgsm", "linf", 0.2f)]
    [DataRow("fgsm", "l2", 0.2f)]
    [DataRow("bim", "linf", 0.2f)]
    [DataRow("pgd", "linf", 0.2f)]
    [DataRow("pgd", "l2", 1.0f)]
    [DataRow("mi-fgsm", "linf", 1.0f)]
    [DataRow("mi-fgsm", "l2", 1.0f)]
    [DataRow("apgd-ce", "linf", 1.0f)]
    [DataRow("apgd-ce", "l2", 1.0f)]
    public void Run_LinearNetworkThatStands_ChangesTheDifferenceByEpsilonTimesItsDualNorm(string attack, string norm, float deviation)
    {
        float[] w = AttackNets.Weights(Size, 2);
        double[] d = [.. Enumerable.Range(0, w.Length / 2).Select(i => (double)w[(w.Length / 2) + i] - w[i])];

        // The bias keeps the answer where it is, so that the whole ε is used.
        Network network = AttackNets.Linear(Size, 2, w, [40_000, 0], deviation);
        AttackResult result = Run(network, attack, norm, lattice: norm == "linf");
        double dual = norm == "linf" ? d.Sum(Math.Abs) : Math.Sqrt(d.Sum(v => v * v));
        double change = Difference(result.Levels, d, deviation) - Difference(Levels(result.Clean), d, deviation);
        double expected = 8 / 255.0 * dual / deviation;
        Assert.IsFalse(result.Success);

        // In L2 float32 rounds. From a random start, at a right angle to w, forty steps of ε/16 turn the change to an angle θ from w with
        // tan(θ/2) = exp(−40/16): cos θ = 0.9866, from which the steps' finite size and the start's own angle take a little.
        bool turns = (attack, norm) == ("pgd", "l2");
        Assert.AreEqual(
            turns ? 0.9866 * expected : expected, change, (norm == "linf" ? 1e-9 : attack == "fgsm" ? 1e-5 : 2e-3) * expected);
    }

    /// <summary>Nothing in the ball does better than the sum over pixels of the better end of each pixel's range.</summary>
    [TestMethod]
    public void Run_NearBlackAndWhite_UsesAllThatTheBoxLeaves()
    {
        float[] w = AttackNets.Weights(Size, 2);
        double[] d = [.. Enumerable.Range(0, w.Length / 2).Select(i => (double)w[(w.Length / 2) + i] - w[i])];
        Network network = AttackNets.Linear(Size, 2, w, [40_000, 0]);
        var surface = new NetworkSurface(network, AttackNets.Image(Size, Size, 3, 0, 255));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        double best = surface.Clean.Select((v, i) => d[i] > 0 ? Math.Min(v + 8, 255) * d[i] : Math.Max(v - 8, 0) * d[i]).Sum() / 255;
        foreach (string attack in (string[])["fgsm", "bim", "pgd", "mi-fgsm", "apgd-ce"])
        {
            AttackResult result = Attacker.Run(
                model, surface, Attacks.All.Find(attack), new AttackGoal(0), epsilon: Epsilon.Parse("8/255"));
            Assert.AreEqual(best, Difference(result.Levels, d, 1), 1e-9 * Math.Abs(best), attack);
        }
    }

    /// <summary>A network is broken within ε exactly where ε·‖w₁ − w₀‖₁ exceeds the margin: 5 and 6 levels on both sides of it.</summary>
    [TestMethod]
    public void Run_EpsilonOnBothSidesOfTheMargin_SucceedsOnOneAndClaimsNothingOnTheOther()
    {
        float[] w = AttackNets.Weights(Size, 2);
        double[] d = [.. Enumerable.Range(0, w.Length / 2).Select(i => (double)w[(w.Length / 2) + i] - w[i])];
        RgbImage image = AttackNets.Image(Size, Size);
        double margin = 5.5 / 255 * d.Sum(Math.Abs), now = Difference(Levels(image), d, 1);
        Network network = AttackNets.Linear(Size, 2, w, [(float)(now + margin), 0]);
        foreach (string attack in (string[])["fgsm", "bim", "pgd", "mi-fgsm", "apgd-ce", "autoattack"])
        {
            AttackResult five = Run(network, attack, "linf", epsilon: 5), six = Run(network, attack, "linf", epsilon: 6);
            Assert.IsFalse(five.Success || five.Claimed, attack);
            Assert.IsTrue(six.Success && six.Claimed, attack);
        }
    }

    [TestMethod]
    public void Run_BimOnALinearNetwork_StopsAtTheFirstSuccess()
    {
        float[] w = AttackNets.Weights(Size, 2);
        double[] d = [.. Enumerable.Range(0, w.Length / 2).Select(i => (double)w[(w.Length / 2) + i] - w[i])];
        double now = Difference(Levels(AttackNets.Image(Size, Size)), d, 1);

        // Steps of 2 levels: the third crosses a margin of 5.
        Network network = AttackNets.Linear(Size, 2, w, [(float)(now + (5 / 255.0 * d.Sum(Math.Abs))), 0]);
        AttackResult result = Run(network, "bim", "linf");
        Assert.HasCount(4, result.Steps);
        Assert.AreEqual(6, PixelNorm.LInf.Distance(Levels(result.Clean), result.Levels));
        Assert.AreEqual(4, result.Work.Forward, "the clean image and three steps; reading back is what was seen last");
        Assert.AreEqual(3, result.Work.Backward);
        Assert.IsTrue(result.Steps.Zip(result.Steps.Skip(1)).All(s => s.Second.Margin < s.First.Margin));
    }

    private static AttackResult Run(Network network, string attack, string norm, bool lattice = true, int epsilon = 8)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        var surface = new NetworkSurface(network, AttackNets.Image(Size, Size));
        return Attacker.Run(
            model, surface, Attacks.All.Find(attack), new AttackGoal(0), PixelNorm.All.Find(norm), Epsilon.Parse($"{epsilon}/255"),
            lattice: lattice);
    }

    private static float[] Levels(RgbImage image)
    {
        int plane = image.Width * image.Height;
        return [.. Enumerable.Range(0, 3 * plane).Select(i => (float)image.Pixels[(3 * (i % plane)) + (i / plane)])];
    }

    private static double Difference(float[] levels, double[] weights, double deviation) =>
        levels.Zip(weights, (v, w) => v * w).Sum() / (255 * deviation);
}
