using Interp.Engine.Adversarial;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>Networks and images on which attacks have nothing to hold on to.</summary>
[TestClass]
public sealed class AttackEdgeTests
{
    private static readonly Epsilon s_eight = Epsilon.Parse("8/255");

    public static IEnumerable<object[]> Named => Attacks.All.SelectMany(a => a.Norms.Select(n => new object[] { a.Name, n.Name }));

    [TestMethod]
    [DynamicData(nameof(Named))]
    public void Run_DeadNetwork_EndsAndClaimsNothing(string name, string norm)
    {
        Network network = AttackNets.Linear(6, 5, new float[5 * 108], [0, 1, 0, 0, 0]);
        AttackResult result = Run(network, name, norm, new AttackGoal(1), Quick(name));
        Assert.IsFalse(result.Success || result.Claimed);
        Assert.IsTrue(result.Levels.All(float.IsFinite));
        Assert.IsTrue(name == "square" || Attacks.All.Find(name).IsMinimal || result.Remarks.Any(
            r => r.Contains("zero", StringComparison.Ordinal)), "it says so");
    }

    [TestMethod]
    [DynamicData(nameof(Named))]
    public void Run_NetworkOfNoNumbers_EndsAndClaimsNothing(string name, string norm)
    {
        Network network = AttackNets.Linear(6, 5, [.. Enumerable.Repeat(float.NaN, 5 * 108)]);
        AttackResult result = Run(network, name, norm, new AttackGoal(1), Quick(name));
        Assert.IsFalse(result.Success || result.Claimed);
        Assert.IsTrue(result.Levels.All(float.IsFinite));
    }

    [TestMethod]
    [DynamicData(nameof(Named))]
    public void Run_ImageAtTheGoalAlready_IsReturnedAsItIs(string name, string norm)
    {
        Network network = AttackNets.Linear(6, 5, AttackNets.Weights(6, 5), [100, 0, 0, 0, 0]);
        AttackResult result = Run(network, name, norm, new AttackGoal(1), Quick(name));
        Assert.IsTrue(result.Already && result.Success && result.Claimed);
        Assert.IsEmpty(result.Steps);
        CollectionAssert.AreEqual(result.Clean.Pixels, result.Image.Pixels);
        Assert.AreEqual(1, result.Work.Forward);
        Assert.IsTrue(result.Perturbation().All(v => v == 0));
    }

    [TestMethod]
    public void Run_LessThanOneLevel_SaysThatNoImageIsSoNear()
    {
        Network network = AttackNets.Linear(6, 5, AttackNets.Weights(6, 5), [100, 0, 0, 0, 0]);
        AttackResult result = Run(network, "pgd", "linf", new AttackGoal(0), epsilon: Epsilon.Parse("0.5/255"));
        Assert.IsFalse(result.Success);
        Assert.Contains("less than one grey level", result.Remarks.Single());
        Assert.IsEmpty(result.Steps);
    }

    [TestMethod]
    public void Run_OffTheLattice_ClaimsAndSuccessMayDiffer()
    {
        // Half a level deceives the network, and is rounded to the clean image (halves of even levels).
        float[] w = [.. Enumerable.Repeat(-1f, 108), .. Enumerable.Repeat(1f, 108)];
        var image = new RgbImage(6, 6, [.. Enumerable.Repeat((byte)100, 108)]);
        Network network = AttackNets.Linear(6, 2, w, [(216 * 100 / 255f) + 0.2f, 0]);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        AttackResult result = Attacker.Run(
            model, new NetworkSurface(network, image), Attacks.All.Find("fgsm"), new AttackGoal(0), epsilon: Epsilon.Parse("0.5/255"),
            lattice: false);
        Assert.IsTrue(result.Claimed);
        Assert.IsFalse(result.Success);
    }

    [TestMethod]
    public void Run_TooFewClasses_SaysHowManyItNeeds()
    {
        Network two = AttackNets.Linear(6, 2, AttackNets.Weights(6, 2)), three = AttackNets.Linear(6, 3, AttackNets.Weights(6, 3));
        Refused("attack 'apgd-dlr' needs 3 classes or more so, model linear has 2", () => Run(two, "apgd-dlr", "linf", new AttackGoal(0)));
        Refused("attack 'apgd-t' needs 4 classes or more so, model linear has 3", () => Run(three, "apgd-t", "linf", new AttackGoal(0)));
        Refused("attack 'pgd' needs 3 classes or more so, model linear has 2", () => Run(
            two, "pgd", "linf", new AttackGoal(0), new Dictionary<string, string> { ["loss"] = "dlr" }));
        Refused("attack 'apgd-dlr' needs 4 classes or more so, model linear has 3", () => Run(
            three, "apgd-dlr", "linf", new AttackGoal(0, 1)));
        Run(three, "apgd-dlr", "linf", new AttackGoal(0));
        AttackResult auto = Run(
            AttackNets.Linear(6, 2, new float[216], [1, 0]), "autoattack", "linf", new AttackGoal(0), Quick("autoattack"));
        Assert.IsTrue(auto.Remarks.Any(r => r == "apgd-t is left out: it needs 4 classes or more"));
    }

    [TestMethod]
    public void AttackedModel_OneClassOrNone_Refuses()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        Refused("model 1 outputs has one class: no image can be classified otherwise",
            () => new AttackedModel(OutputNets.Of(1), backend).Dispose());
        Assert.ThrowsExactly<InputException>(() => new AttackedModel(ShapeNets.Maps(), backend).Dispose());
    }

    [TestMethod]
    public void Run_WrongNormOrNoEpsilon_SaysWhatIsExpected()
    {
        Network network = AttackNets.Linear(6, 5, AttackNets.Weights(6, 5));
        Refused("attack 'square' does not work in norm l2: expected linf", () => Run(network, "square", "l2", new AttackGoal(0)));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        Refused("attack 'pgd' needs to know how far it may go: give an epsilon, such as 8/255", () => Attacker.Run(
            model, new NetworkSurface(network, AttackNets.Image(6, 6)), Attacks.All.Find("pgd"), new AttackGoal(0)));
    }

    [TestMethod]
    public void Run_SigmoidNetwork_IsAttackedByItsLogits()
    {
        Network network = OutputNets.Of(4, OutputActivation.Sigmoid);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        var surface = new NetworkSurface(network, AttackNets.Image(OutputNets.Size, OutputNets.Size));
        model.Show(surface);
        int top = AttackNets.ClassOf(model.Logits(surface.Clean));
        Assert.IsTrue(Attacker.Run(model, surface, Attacks.All.Find("pgd"), new AttackGoal(top), epsilon: Epsilon.Parse("64/255")).Success);
    }

    [TestMethod]
    public void Run_Cancelled_Ends()
    {
        Network network = AttackNets.Linear(6, 5, AttackNets.Weights(6, 5), [100, 0, 0, 0, 0]);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => Attacker.Run(
            model, new NetworkSurface(network, AttackNets.Image(6, 6)), Attacks.All.Find("pgd"), new AttackGoal(0), epsilon: s_eight,
            watch: s => cancel.Cancel(), cancel: cancel.Token));
    }

    [TestMethod]
    public void Square_Sides_AreThoseOfThePaper()
    {
        // √(0.8·224²) = 200.4, and half of the area from query 11 on, a quarter from 51 on, …
        (int Query, int Side)[] expected =
            [(0, 200), (10, 200), (11, 142), (51, 100), (201, 71), (501, 50), (1001, 35), (2001, 25), (4001, 18), (6001, 13), (8001, 9)];
        foreach ((int query, int side) in expected)
        {
            Assert.AreEqual(side, Square.Side(0.8, query, 224, 224), $"query {query}");
        }

        Assert.AreEqual(3, Square.Side(0.8, 0, 3, 400), "no larger than the image");
        Assert.AreEqual(1, Square.Side(0.001, 9000, 28, 28));
    }

    [TestMethod]
    public void Square_EachStep_LooksAtOneImageAndAsksForNoGradient()
    {
        Network network = AttackNets.Linear(12, 3, AttackNets.Weights(12, 3), [1000, 0, 0]);
        var options = new Dictionary<string, string> { ["queries"] = "40" };
        AttackResult result = Run(network, "square", "linf", new AttackGoal(0), options, size: 12);
        Assert.HasCount(40, result.Steps);
        Assert.AreEqual(0, result.Work.Backward);
        Assert.IsLessThan(result.Steps[0].Margin, result.Steps.Min(s => s.Margin), "squares help");
        Assert.IsTrue(result.Perturbation().All(v => Math.Abs(Math.Abs(v) - (8 / 255f)) < 1e-6), "every value is at the ball's rim");
    }

    [TestMethod]
    public void StepSize_Text_IsInUnitsOfPixels()
    {
        Attack attack = Attacks.All.Find("bim");
        Assert.AreEqual("auto", attack.Configure().Texts.Single(t => t.Key == "step-size").Value);
        Assert.AreEqual(2, attack.Configure(new Dictionary<string, string> { ["step-size"] = "2/255" }).Get(AttackOptions.StepSize));
        Assert.ThrowsExactly<InputException>(() => attack.Configure(new Dictionary<string, string> { ["step-size"] = "0" }));
    }

    private static void Refused(string message, Action run) => Assert.AreEqual(message, Assert.ThrowsExactly<InputException>(run).Message);

    private static Dictionary<string, string> Quick(string name) => Attacks.All.Find(name).Options.Where(
        o => o.Name is "steps" or "queries" or "targets" or "classes" or "searches").ToDictionary(o => o.Name, o => "4");

    private static AttackResult Run(
        Network network, string name, string norm, AttackGoal goal, Dictionary<string, string>? options = null, Epsilon? epsilon = null,
        int size = 6)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        Attack attack = Attacks.All.Find(name);
        return Attacker.Run(
            model, new NetworkSurface(network, AttackNets.Image(size, size)), attack, goal, PixelNorm.All.Find(norm),
            attack.IsMinimal ? null : epsilon ?? s_eight, attack.Configure(options));
    }
}
