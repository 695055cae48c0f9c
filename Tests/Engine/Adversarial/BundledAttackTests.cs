using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>The bundled network on real photos: on both surfaces the saved file is read back as the attack says.</summary>
[TestClass]
public sealed class BundledAttackTests
{
    private static readonly string[] s_photos = ["chelsea.png", "coffee.png", "rocket.jpg"];

    [TestMethod]
    public void Run_RealPhotos_PgdDoesNoWorseThanFgsm_AndNoiseDoesNothing()
    {
        Network network = ModelStore.Load("vgg16-200");
        using var backend = new CpuBackend();
        using var model = new AttackedModel(network, backend);
        int fgsm = 0, pgd = 0;
        using var folder = new TemporaryFolder();
        foreach (string photo in s_photos)
        {
            RgbImage file = ImageFile.Read(Repository.PathOf("Cli", "photos", photo));
            var surface = new NetworkSurface(network, NetworkInput.Prepare(file, network).Image);
            AttackGoal goal = GoalOf(model, surface);
            AttackResult one = Run(model, surface, "fgsm", goal, "2/255"), many = Run(model, surface, "pgd", goal, "2/255");
            (fgsm, pgd) = (fgsm + (one.Success ? 1 : 0), pgd + (many.Success ? 1 : 0));
            Assert.AreEqual(many.Claimed, many.Success);
            Assert.AreEqual(2, PixelNorm.LInf.Distance(surface.Clean, many.Levels));
            ImageFile.WritePng(folder[photo], many.Image);
            Assert.AreEqual(many.Success, goal.IsReached(model.ReadBack(ImageFile.Read(folder[photo]))));
            Assert.AreEqual(0, NoiseControl.Successes(model, surface, goal, PixelNorm.LInf, 2), "signs of two levels");
        }

        Assert.IsGreaterThanOrEqualTo(fgsm, pgd);
        Assert.IsGreaterThanOrEqualTo(2, pgd);
    }

    [TestMethod]
    public void Run_FileOfFullSize_IsDeceivingThroughTheNetworksOwnPreparation()
    {
        Network network = ModelStore.Load("vgg16-200");
        using var backend = new CpuBackend();
        using var model = new AttackedModel(network, backend);
        RgbImage file = ImageFile.Read(Repository.PathOf("Cli", "photos", "chelsea.png"));
        var surface = new FileSurface(network, file);
        AttackGoal goal = GoalOf(model, surface);
        AttackResult result = Run(model, surface, "pgd", goal, "4/255");
        Assert.IsTrue(result.Success);
        using var folder = new TemporaryFolder();
        ImageFile.WritePng(folder["adversarial.png"], result.Image);
        NetworkInput read = NetworkInput.Read(folder["adversarial.png"], network)[0];
        Assert.AreEqual((file.Width, file.Height), read.FileSize);
        using var session = backend.Open(network, new() { Backward = false });
        session.Forward(read.Tensor);
        Assert.AreNotEqual(goal.From, AttackNets.ClassOf(session.Logits()), "as any program would classify it");
        Assert.IsLessThanOrEqualTo(4 / 255f, result.Perturbation().Max(Math.Abs));
    }

    private static AttackGoal GoalOf(AttackedModel model, Surface surface)
    {
        model.Show(surface);
        return new AttackGoal(AttackNets.ClassOf(model.Logits(surface.Clean)));
    }

    private static AttackResult Run(AttackedModel model, Surface surface, string attack, AttackGoal goal, string epsilon) =>
        Attacker.Run(model, surface, Attacks.All.Find(attack), goal, epsilon: Epsilon.Parse(epsilon));
}
