using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>Projections on a hyperplane, in the box and on its whole levels, by plain search; what is taken back of a change.</summary>
[TestClass]
public sealed class LatticeTests
{
    [TestMethod]
    [DataRow("l2")]
    [DataRow("linf")]
    public void Project_InsideTheBox_IsWhatBisectionFinds(string name)
    {
        PixelNorm norm = PixelNorm.All.Find(name);
        var random = new Random(4);
        for (int trial = 0; trial < 200; trial++)
        {
            int n = random.Next(1, 30);
            float[] x = [.. Enumerable.Range(0, n).Select(_ => random.Next(4) == 0 ? random.Next(2) * 255f : random.Next(256))];
            float[] g = [.. Enumerable.Range(0, n).Select(_ => random.Next(5) == 0 ? 0f : (float)(random.NextDouble() - 0.5))];
            double need = (random.NextDouble() - 0.5) * 200 * n / 4, most = x.Select((v, i) => Gain(i, 1e9)).Sum();
            var d = new float[n];
            bool reached = BoxedHyperplane.Project(x, g, need, norm, 255, d);
            Assert.AreEqual(most >= Math.Abs(need), reached);
            (double low, double high) = (0, 1e9);
            for (int t = 0; t < 200; t++)
            {
                double middle = (low + high) / 2;
                (low, high) = x.Select((_, i) => Gain(i, middle)).Sum() < Math.Abs(need) ? (middle, high) : (low, middle);
            }

            for (int i = 0; i < n; i++)
            {
                Assert.AreEqual(Moved(i, high), d[i], 1e-4 + (1e-6 * Math.Abs(d[i])), $"trial {trial}, value {i}: rounded to float32");
            }

            double Moved(int i, double length) => Math.Clamp(
                x[i] + (Math.Sign(need) * length * (norm == PixelNorm.L2 ? g[i] : Math.Sign(g[i]))), 0, 255) - x[i];

            double Gain(int i, double length) => Math.Abs(g[i] * Moved(i, length));
        }
    }

    /// <summary>Of all changes in whole levels that gain at least as much, none is cheaper.</summary>
    [TestMethod]
    [DataRow("l2")]
    [DataRow("l0")]
    public void Project_OnWholeLevels_IsTheCheapestOfAll(string name)
    {
        LatticeMeasure measure = LatticeMeasure.All.Find(name);
        var random = new Random(6);
        for (int trial = 0; trial < 300; trial++)
        {
            float[] clean = [.. Enumerable.Range(0, 5).Select(_ => random.Next(3) == 0 ? 255 - random.Next(3) : (float)random.Next(3, 250))];

            // Some gradients are equal: what is tied is not all taken.
            float[] g = [.. Enumerable.Range(0, 5).Select(_ => trial % 3 == 0 ? random.Next(-2, 3) : (float)(random.NextDouble() - 0.5))];
            double need = random.NextDouble() * 3;
            var d = new float[5];
            measure.Project(clean, g, need, 3, d);
            double gain = d.Zip(g, (a, b) => (double)a * b).Sum(), cost = d.Sum(v => measure.Price(Math.Abs(v)));
            (double most, double least) = (0, double.PositiveInfinity);
            for (int code = 0; code < 7 * 7 * 7 * 7 * 7; code++)
            {
                int[] other = [(code % 7) - 3, (code / 7 % 7) - 3, (code / 49 % 7) - 3, (code / 343 % 7) - 3, (code / 2401) - 3];
                if (other.Zip(clean).Any(v => v.First + v.Second is < 0 or > 255))
                {
                    continue;
                }

                double sum = other.Zip(g, (a, b) => (double)a * b).Sum();
                most = Math.Max(most, sum);
                least = sum >= gain - 1e-9 ? Math.Min(least, other.Sum(v => measure.Price(Math.Abs(v)))) : least;
            }

            Assert.IsGreaterThanOrEqualTo(Math.Min(need, most) - 1e-6, gain, $"trial {trial}: enough, or all there is");
            Assert.AreEqual(least, cost, 1e-9, $"trial {trial}");
        }
    }

    [TestMethod]
    [DataRow("l2")]
    [DataRow("l0")]
    public void TakeBack_AnImageFarBeyondTheBoundary_LeavesWhatIsNeeded(string name)
    {
        LatticeMeasure measure = LatticeMeasure.All.Find(name);
        float[] w = AttackNets.Weights(6, 2);
        RgbImage image = AttackNets.Image(6, 6);
        Network network = AttackNets.Linear(6, 2, w, [1000, 0]);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        model.Show(new NetworkSurface(network, image));
        float[] start = model.Logits(model.Surface.Clean);
        network = AttackNets.Linear(6, 2, w, [1000 - (start[0] - start[1]) + 1, 0]);
        using var nearer = new AttackedModel(network, backend);
        nearer.Show(new NetworkSurface(network, image));
        float[] clean = nearer.Surface.Clean;
        Assert.IsFalse(new AttackGoal(0).IsReached(nearer.Logits(clean)));

        // Every value 20 levels the right way, every fifth the wrong way.
        float[] x = [.. clean.Select((v, i) => v + (20 * (i % 5 == 0 ? -1 : 1) * MathF.Sign(w[108 + i] - w[i])))];
        float[] far = [.. x];
        var problem = new AttackProblem(
            nearer, new AttackGoal(0), new PixelBall(PixelNorm.L2, double.PositiveInfinity, clean, 255),
            Attacks.All.Find("deepfool").Configure());
        TakeBack.Run(new Pursuit(problem), measure, x, 200);

        Assert.IsTrue(new AttackGoal(0).IsReached(nearer.Logits(x)));
        Assert.IsLessThan(0.4 * measure.Of(clean, far), measure.Of(clean, x));
        Assert.IsTrue(Enumerable.Range(0, x.Length).All(i => i % 5 != 0 || Math.Abs(x[i] - clean[i]) < 20), "harmful changes go first");

        // f is linear, so nothing is left to take back once the piece that is worth least per price is needed.
        int least = Enumerable.Range(0, x.Length).Where(i => x[i] != clean[i]).MinBy(i => Worth(i, Math.Abs(x[i] - clean[i])));
        float d = x[least] - clean[least];
        x[least] = clean[least] + (MathF.Sign(d) * (float)measure.Less(MathF.Abs(d)));
        Assert.IsFalse(new AttackGoal(0).IsReached(nearer.Logits(x)), "the last change was needed");

        double Worth(int i, double k) => (w[108 + i] - w[i]) * Math.Sign(x[i] - clean[i]) * (k - measure.Less(k))
            / (measure.Price(k) - measure.Price(measure.Less(k)));
    }

    [TestMethod]
    public void Lattice_LeastCount_ChangesFewerValuesThanLeastSquares()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        var surface = new NetworkSurface(network, AttackNets.Image(32, 32, least: 0, most: 255));
        model.Show(surface);
        var goal = new AttackGoal(AttackNets.ClassOf(model.Logits(surface.Clean)));
        Attack attack = Attacks.All.Find("lattice");
        (AttackResult Result, int Count, double Squares)[] found = [.. ((string[])["l2", "l0"]).Select(least =>
        {
            AttackResult result = Attacker.Run(
                model, surface, attack, goal, options: attack.Configure(new Dictionary<string, string> { ["least"] = least }));
            return (result, result.Levels.Zip(surface.Clean).Count(v => v.First != v.Second),
                LatticeMeasure.L2.Of(surface.Clean, result.Levels));
        })];
        Assert.IsTrue(found.All(f => f.Result.Success));
        Assert.IsLessThan(found[0].Count, found[1].Count);
        Assert.IsLessThan(found[1].Squares, found[0].Squares);
    }

    /// <summary>Each attack, cut short, on a photo and the whole network: in the file, and never farther than a stretched DeepFool.</summary>
    [TestMethod]
    public void BundledNetwork_APhoto_IsFooledByEachAttackWhenItIsReadBack()
    {
        Network network = ModelStore.Load("vgg16-200");
        using var backend = new CpuBackend();
        using var model = new AttackedModel(network, backend);
        var surface = new NetworkSurface(network, ImageFile.Read(Golden.Path("vgg16-200", "chelsea-224.png")));
        model.Show(surface);
        var goal = new AttackGoal(AttackNets.ClassOf(model.Logits(surface.Clean)));
        double yardstick = Run("deepfool", ("take-back", "0"), ("candidates", "3"));
        Assert.IsLessThan(yardstick, Run("deepfool", ("take-back", "2"), ("candidates", "3")));
        Assert.IsLessThan(yardstick, Run("lattice", ("steps", "10"), ("candidates", "3"), ("take-back", "2")));
        Run("cw", ("steps", "15"), ("searches", "1"), ("step", "0.4"), ("take-back", "0"));
        Run("fab", ("steps", "4"), ("classes", "1"), ("candidates", "3"), ("take-back", "0"));
        Run("smallest-linf", ("steps", "5"));

        double Run(string attack, params (string Name, string Value)[] options)
        {
            Attack a = Attacks.All.Find(attack);
            AttackResult result = Attacker.Run(
                model, surface, a, goal, options: a.Configure(options.ToDictionary(o => o.Name, o => o.Value)));
            Assert.IsTrue(result.Success && result.Claimed, attack);
            return PixelNorm.L2.Distance(surface.Clean, result.Levels) / 255;
        }
    }
}
