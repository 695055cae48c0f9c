using System.Text.Json;
using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>The same attacks in PyTorch in float64, by scripts/make_minimal_attack_goldens.py: every image that they look at has the same
/// margin.</summary>
[TestClass]
public sealed class MinimalAttackTwinTests
{
    private static readonly Twins s_twins = JsonSerializer.Deserialize<Twins>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "adversarial", "minimal.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> Cases => Enumerable.Range(0, s_twins.Cases.Length).Select(
        i => new object[] { i, $"{s_twins.Cases[i].Attack} {s_twins.Cases[i].Norm} target {s_twins.Cases[i].Target}" });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Run_BetweenTheLevels_LooksAtTheSameImages(int index, string name)
    {
        Case twin = s_twins.Cases[index];
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(Net(), backend);
        Attack attack = Attacks.All.Find(twin.Attack);
        AttackResult result = Attacker.Run(
            model, new NetworkSurface(model.Network, Image()), attack, new AttackGoal(s_twins.From, twin.Target),
            PixelNorm.All.Find(twin.Norm), options: attack.Configure(twin.Options), lattice: false);

        // Logits are of size 1 and of 80 products in float32; ten updates, the later ones of the earlier ones' images.
        Assert.HasCount(twin.Margins.Length, result.Steps, name);
        for (int i = 0; i < twin.Margins.Length; i++)
        {
            Assert.AreEqual(twin.Margins[i], result.Steps[i].Margin, 1e-4, $"{name}, image {i}");
        }

        Assert.AreEqual(twin.Nearest is not null, result.Claimed, name);
        for (int i = 0; twin.Nearest is { } nearest && i < nearest.Length; i++)
        {
            Assert.AreEqual(nearest[i], result.Levels[i], 5e-3, $"{name}, value {i} of 0 to 255");
        }
    }

    private static RgbImage Image() => AttackNets.OfPlanes(s_twins.Size, s_twins.Image);

    private static Network Net()
    {
        int inputs = 3 * s_twins.Size * s_twins.Size;
        return new NetworkBuilder(3).Then("flat", new Flatten())
            .Then("first", new Linear(inputs, s_twins.Hidden), Of("first", s_twins.Hidden, inputs), Of("bias", s_twins.Hidden))
            .Then("relu", new ReLU())
            .Then("second", new Linear(s_twins.Hidden, s_twins.Classes, Bias: false), Of("second", s_twins.Classes, s_twins.Hidden))
            .Build("twin", AttackNets.Units(s_twins.Size));

        Weight Of(string name, params int[] shape) => Weight.FromValues(name, new Shape(shape), s_twins.Weights[name]);
    }

    private sealed record Twins(
        int Size, int Hidden, int Classes, int From, int[] Image, Dictionary<string, float[]> Weights, Case[] Cases);

    private sealed record Case(
        string Attack, string Norm, int? Target, Dictionary<string, string> Options, double[] Margins, float[]? Nearest);
}
