using System.Globalization;
using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>A network of one pixel that errs at a red of 106 only: PGD with its whole steps finds it from some starts, and jumps over it
/// from others, so success is not monotone in ε.</summary>
[TestClass]
public sealed class SmallestLInfTests
{
    private const float Center = 106 / 255f, HalfWidth = 0.5f / 255;

    [TestMethod]
    public void Run_SuccessThatIsNotMonotone_SaysWhereItFailsAgain()
    {
        (int succeeded, int mentioned) = (0, 0);
        for (ulong seed = 0; seed < 20; seed++)
        {
            AttackResult result = Run("smallest-linf", seed, null);
            if (!result.Success)
            {
                Assert.Contains("no success at epsilon 255/255 nor below", result.Remarks);
                continue;
            }

            succeeded++;
            Assert.AreEqual(106, result.Image.Pixels[0]);
            string remark = result.Remarks.Single(r => r.StartsWith("smallest epsilon", StringComparison.Ordinal));
            int[] levels = [.. remark.Split(' ').Where(w => w.Contains("/255")).Select(
                w => int.Parse(w.Split('/')[0], CultureInfo.InvariantCulture))];
            Assert.IsGreaterThanOrEqualTo(6, levels[0], "no smaller one reaches 106 from 100");
            Assert.IsTrue(Run("pgd", seed, levels[0]).Success, remark);
            foreach (int larger in levels.Skip(1))
            {
                mentioned++;
                Assert.IsGreaterThan(levels[0], larger);
                Assert.IsFalse(Run("pgd", seed, larger).Success, remark);
            }
        }

        Assert.IsGreaterThan(0, succeeded);
        Assert.IsGreaterThan(0, mentioned);
    }

    private static AttackResult Run(string name, ulong seed, int? epsilon)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(Band(), backend);
        Attack attack = Attacks.All.Find(name);
        return Attacker.Run(
            model, new NetworkSurface(model.Network, new RgbImage(1, 1, [100, 100, 100])), attack, new AttackGoal(0), PixelNorm.LInf,
            epsilon is { } e ? Epsilon.Parse($"{e}/255") : null,
            attack.Configure(new Dictionary<string, string> { ["steps"] = "20" }), seed);
    }

    /// <summary>z₁ − z₀ = half a level − |red − 106/255|.</summary>
    private static Network Band() => new NetworkBuilder(3).Then("flat", new Flatten())
        .Then("sides", new Linear(3, 2), Of([1, 0, 0, -1, 0, 0], 2, 3), Of([-Center, Center], 2))
        .Then("relu", new ReLU())
        .Then("classes", new Linear(2, 2), Of([0, 0, -1, -1], 2, 2), Of([0, HalfWidth], 2))
        .Build("band", AttackNets.Units(1));

    private static Weight Of(float[] values, params int[] shape) => Weight.FromValues("w", new Shape(shape), values);
}
