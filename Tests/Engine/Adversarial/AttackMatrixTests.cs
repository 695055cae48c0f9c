using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Engine.Attribution.Matrix;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>Every attack on every shape of network: what it looks at stays in the ball, the box and, where ε has whole levels, on the
/// lattice; what it claims is what the saved file does; the same seed gives the same bits at any number of threads.</summary>
[TestClass]
public sealed class AttackMatrixTests
{
    private static readonly (string Option, string Value)[] s_quick =
        [("steps", "3"), ("queries", "8"), ("targets", "2"), ("classes", "2"), ("candidates", "3"), ("take-back", "1"), ("searches", "2")];

    private static readonly string[] s_shapes =
    [
        "VGG11 at 64, two classes", "residual and inception block", "one linear layer and nothing else", "grey digits at 28",
        "oblong at 33x30", "RGB at 8", "narrow resnext50", "narrow convnext",
    ];

    public static IEnumerable<object[]> Networks => MatrixNetwork.All.Where(n => s_shapes.Contains(n.Name)).Select(
        n => new object[] { n.Name });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Run_AllAttacks_StayWithinBoundsAndClaimWhatTheFileDoes(string shape)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        Network network = row.Make();
        using var one = new CpuBackend(new CpuOptions { Threads = 1 });
        using var two = new CpuBackend(new CpuOptions { Threads = 2 });
        using var reference = new ReferenceBackend();
        using var model = new AttackedModel(network, one);
        using var threads = new AttackedModel(network, two);
        using var plain = new AttackedModel(network, reference);
        RgbImage photo = row.Photo(network).Image;
        foreach (Case c in Cases(model, network, photo))
        {
            (AttackResult? result, RecordingSurface shown) = Run(c, model);
            if (result is null)
            {
                continue;
            }

            Check(c, result, shown);
            AttackResult again = Run(c, threads).Result!;
            CollectionAssert.AreEqual(result.Levels, again.Levels, $"{c}: two threads");
            CollectionAssert.AreEqual(result.After, again.After, $"{c}: two threads");
            if (c.Attack.Name is "fgsm" or "square" && row.Height < 40)
            {
                (AttackResult? exact, RecordingSurface seen) = Run(c, plain);
                Check(c, exact!, seen);
                Assert.IsLessThanOrEqualTo(
                    0.02, (double)exact!.Levels.Zip(result.Levels).Count(v => v.First != v.Second) / result.Levels.Length,
                    $"{c}: another backend differs in values whose gradient is next to nothing");
            }
        }
    }

    private static IEnumerable<Case> Cases(AttackedModel model, Network network, RgbImage photo)
    {
        var clean = new NetworkSurface(network, photo);
        model.Show(clean);
        float[] logits = model.Logits(clean.Clean);
        int top = AttackNets.ClassOf(logits), last = Array.IndexOf(logits, logits.Min());
        foreach (Attack attack in Attacks.All)
        {
            foreach (PixelNorm norm in attack.Norms)
            {
                foreach (bool file in (bool[])[false, true])
                {
                    foreach (int? target in (int?[])[null, last])
                    {
                        yield return new Case(attack, norm, new AttackGoal(top, target), Make(file));
                    }
                }
            }
        }

        Func<RecordingSurface> Make(bool file) => () => new RecordingSurface(file
            ? new FileSurface(network, AttackNets.Image(photo.Width + 7, photo.Height + 4))
            : new NetworkSurface(network, photo));
    }

    /// <summary>The result, or null where the attack refuses in one line.</summary>
    private static (AttackResult? Result, RecordingSurface Surface) Run(Case c, AttackedModel model)
    {
        RecordingSurface surface = c.Make();
        OptionValues options = c.Attack.Configure(s_quick.Where(q => c.Attack.Options.Any(o => o.Name == q.Option)).ToDictionary(
            q => q.Option, q => q.Value));
        try
        {
            return (Attacker.Run(model, surface, c.Attack, c.Goal, c.Norm, c.Epsilon, options, seed: 3), surface);
        }
        catch (InputException e)
        {
            Assert.IsTrue(
                (c.Goal.Target is not null && !c.Attack.CanTarget) || model.Network.Classes < 4, $"{c} refuses: {e.Message}");
            return (null, surface);
        }
    }

    private static void Check(Case c, AttackResult result, RecordingSurface surface)
    {
        Assert.AreEqual(result.Claimed, result.Success, $"{c}: what is claimed is what the file does");
        Assert.IsTrue(result.Levels.All(v => v == MathF.Floor(v) && v is >= 0 and <= 255), $"{c}: whole levels");
        Assert.AreEqual(c.Goal.IsReached(result.After), result.Success);
        Assert.IsTrue(result.After.All(float.IsFinite));
        if (c.Epsilon is not { } epsilon)
        {
            return;
        }

        var ball = new PixelBall(c.Norm, epsilon.Levels, surface.Clean, 255);
        Assert.IsTrue(ball.Contains(result.Levels), $"{c}: in the ball and the box");
        foreach (float[] shown in c.Roams ? [] : surface.Shown)
        {
            Assert.IsTrue(ball.Contains(shown), $"{c}: in the ball and the box");
            Assert.IsTrue(shown.All(v => v == MathF.Floor(v)), $"{c}: on the lattice");
        }

        Assert.IsNotEmpty(surface.Shown);
    }

    private sealed record Case(Attack Attack, PixelNorm Norm, AttackGoal Goal, Func<RecordingSurface> Make)
    {
        /// <summary>Whether it looks beyond the ball and between the levels on its way, as FAB does, one of AutoAttack's four.</summary>
        public bool Roams => Attack.IsMinimal || Attack.Name == "autoattack";

        public Epsilon? Epsilon => Attack.IsMinimal ? null : Epsilon.Parse(Norm == PixelNorm.LInf ? "4/255" : "0.5");

        public override string ToString() => $"{Attack.Name} {Norm.Name} {Goal}";
    }
}
