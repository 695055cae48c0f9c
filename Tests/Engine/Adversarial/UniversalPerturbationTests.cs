using Interp.Engine.Adversarial;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>One change for many images, and noise as large.</summary>
[TestClass]
public sealed class UniversalPerturbationTests
{
    private const int Size = 8;

    [TestMethod]
    public void Train_TwoClassLinearNetwork_FindsTheSignsOfTheWeights()
    {
        // All images are of class 0 by a margin of 6 levels' worth, so the best change is that of the signs, for each of them.
        float[] w = AttackNets.Weights(Size, 2), d = [.. Enumerable.Range(0, 192).Select(i => w[192 + i] - w[i])];
        RgbImage[] images = [.. Enumerable.Range(0, 12).Select(i => AttackNets.Image(Size, Size, i + 1, 120, 130))];
        double center = d.Sum(v => 125.0 * v / 255), margin = 6 / 255.0 * d.Sum(Math.Abs);
        Network network = AttackNets.Linear(Size, 2, w, [(float)(center + margin), 0]);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        UniversalPerturbation found = UniversalPerturbation.Train(model, images, new UniversalOptions { Batch = 2, Seed = 5 });

        CollectionAssert.AreEqual(d.Select(v => 10f * Math.Sign(v)).ToArray(), found.Levels);
        Assert.AreEqual(new UniversalCount(4, 4), found.HeldOut);
        Assert.AreEqual(new UniversalCount(8, 8), found.Trained);
        Assert.AreEqual(0, found.Noise.Deceived);
        Assert.AreEqual(0, found.Epochs[0]);
        Assert.AreEqual(1, found.Epochs[^1]);
        UniversalPerturbation again = UniversalPerturbation.Train(model, images, new UniversalOptions { Batch = 2, Seed = 5 });
        CollectionAssert.AreEqual(found.Levels, again.Levels);
    }

    [TestMethod]
    public void Train_Targeted_CountsOnlyWhatIsNotThereYet()
    {
        float[] w = AttackNets.Weights(Size, 3);
        Network network = AttackNets.Linear(Size, 3, w, [3, 0, 0]);
        RgbImage[] images = [.. Enumerable.Range(0, 10).Select(i => AttackNets.Image(Size, Size, i + 1, 40, 220))];
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        var options = new UniversalOptions { Target = 2, Epsilon = Epsilon.Parse("40/255"), HeldOut = 0.5 };
        UniversalPerturbation found = UniversalPerturbation.Train(model, images, options);
        Assert.AreEqual(1, found.HeldOut.Rate);
        var surface = new NetworkSurface(network, images[0]);
        model.Show(surface);
        Assert.AreEqual(2, AttackNets.ClassOf(model.Logits(found.Apply(surface))));
        Assert.IsLessThanOrEqualTo(5, found.HeldOut.Of);
    }

    [TestMethod]
    public void Train_BadInput_SaysWhatIsWrong()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(AttackNets.Linear(Size, 2, AttackNets.Weights(Size, 2)), backend);
        RgbImage image = AttackNets.Image(Size, Size);
        Assert.ThrowsExactly<InputException>(() => UniversalPerturbation.Train(model, [image]));
        Assert.ThrowsExactly<InputException>(() => UniversalPerturbation.Train(model, [image, AttackNets.Image(4, 4)]));
        Assert.ThrowsExactly<InputException>(() => UniversalPerturbation.Train(model, [image, image], new UniversalOptions { Target = 2 }));
        Assert.ThrowsExactly<InputException>(() => UniversalPerturbation.Train(model, [image, image], new UniversalOptions { Epochs = 0 }));
    }

    [TestMethod]
    public void NoiseControl_EachNorm_IsAsLongAsAsked_OnWholeLevels()
    {
        float[] w = AttackNets.Weights(Size, 2);
        RgbImage image = AttackNets.Image(Size, Size);
        double[] d = [.. Enumerable.Range(0, 192).Select(i => (double)w[192 + i] - w[i])];
        float[] clean = new NetworkSurface(AttackNets.Linear(Size, 2, w), image).Clean;

        // The margin is what signs of 60 levels change by at one standard deviation: 16 % of them deceive.
        double now = clean.Zip(d, (v, e) => v * e).Sum() / 255, margin = 60 / 255.0 * Math.Sqrt(d.Sum(e => e * e));
        Network network = AttackNets.Linear(Size, 2, w, [(float)(now + margin), 0]);
        var surface = new NetworkSurface(network, image);
        float[] signs = NoiseControl.Image(surface, PixelNorm.LInf, 8, 1), normal = NoiseControl.Image(surface, PixelNorm.L2, 100, 1);
        Assert.IsTrue(signs.Zip(surface.Clean).All(p => Math.Abs(p.First - p.Second) == 8));
        Assert.AreEqual(
            0.5, signs.Zip(surface.Clean).Average(p => p.First > p.Second ? 1 : 0), 0.2, "half of them up, within 5 deviations");
        Assert.IsTrue(normal.All(v => v == MathF.Floor(v)));
        Assert.AreEqual(99, PixelNorm.L2.Distance(surface.Clean, normal), 1);
        CollectionAssert.AreNotEqual(signs, NoiseControl.Image(surface, PixelNorm.LInf, 8, 1, trial: 1));

        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        model.Show(surface);
        int top = AttackNets.ClassOf(model.Logits(surface.Clean));
        Assert.AreEqual(0, NoiseControl.Successes(model, surface, new AttackGoal(top), PixelNorm.LInf, 0.5, trials: 3));
        int deceived = NoiseControl.Successes(model, surface, new AttackGoal(top), PixelNorm.LInf, 60, trials: 40);
        Assert.IsTrue(deceived is > 0 and < 16, $"{deceived} of 40, expected 6.4 with a deviation of 2.3");
    }
}
