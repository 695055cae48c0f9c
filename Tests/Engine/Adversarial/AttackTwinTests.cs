using System.Text.Json;
using Interp.Engine.Adversarial;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>The same attacks in PyTorch in float64, from the same start, by scripts/make_attack_goldens.py: equal images on whole levels.
/// </summary>
[TestClass]
public sealed class AttackTwinTests
{
    private static readonly Twins s_twins = JsonSerializer.Deserialize<Twins>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "adversarial", "twins.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> Cases => Enumerable.Range(0, s_twins.Cases.Length).Select(
        i => new object[] { i, $"{s_twins.Cases[i].Attack} {s_twins.Cases[i].Norm} {s_twins.Cases[i].Loss}" });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Climb_FromTheSameStart_EndsInTheSameImage(int index, string name)
    {
        Case twin = s_twins.Cases[index];
        Network network = Net();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = new AttackedModel(network, backend);
        model.Show(new NetworkSurface(network, Image()));
        float[] logits = model.Logits(model.Surface.Clean);
        var goal = new AttackGoal(AttackNets.ClassOf(logits), twin.Target);
        var ball = new PixelBall(PixelNorm.All.Find(twin.Norm), twin.Radius, model.Surface.Clean, 255);
        var problem = new AttackProblem(model, goal, ball, Attacks.All.Find("fgsm").Configure()) { Lattice = twin.Lattice };
        var search = new Search(problem);
        float[] start = [.. s_twins.Starts[twin.Start]];
        AttackLoss loss = AttackLoss.All.Find(twin.Loss);
        if (twin.Attack == "apgd")
        {
            new AutoStep(problem, search, loss, goal, twin.Steps).Climb(start);
        }
        else
        {
            SteepestAscent.Climb(problem, search, loss, start, twin.Steps, twin.Rate, twin.Momentum);
        }

        Assert.AreEqual(twin.Reached, search.Reached, name);
        for (int i = 0; i < start.Length; i++)
        {
            // Off the lattice float32 adds rounding of 255·2⁻²⁴ a step and a relative 1e-6 of steps of at most 12 levels.
            Assert.AreEqual(twin.Result[i], search.Best[i], twin.Lattice ? 0 : 2e-3f, $"{name}, value {i}");
        }
    }

    [TestMethod]
    public void Twin_Logits_AreTheNetworks()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        Network network = Net();
        using var model = new AttackedModel(network, backend);
        model.Show(new NetworkSurface(network, Image()));
        float[] logits = model.Logits(model.Surface.Clean);
        for (int k = 0; k < logits.Length; k++)
        {
            Assert.AreEqual(s_twins.Logits[k], logits[k], 1e-4);
        }
    }

    [TestMethod]
    public void Checkpoints_AHundredSteps_AreThoseOfThePaper() =>
        CollectionAssert.AreEqual((int[])[22, 41, 57, 70, 80, 87, 93, 99], AutoStep.Checkpoints(100).ToArray());

    [TestMethod]
    public void Checkpoints_FewSteps_AreStillThere() =>
        CollectionAssert.AreEqual((int[])[2, 3, 4, 5, 6, 7, 8, 9, 10], AutoStep.Checkpoints(10).ToArray());

    private static RgbImage Image() => AttackNets.OfPlanes(s_twins.Size, s_twins.Image);

    private static Network Net()
    {
        Window same = Window.Square(3, padding: 1), half = Window.Square(2, stride: 2);
        return new NetworkBuilder(3)
            .Then("conv1", new Conv2d(3, 6, same), Of("conv1.weight"), Of("conv1.bias")).Then("relu1", new ReLU())
            .Then("pool1", new MaxPool2d(half))
            .Then("conv2", new Conv2d(6, 8, same), Of("conv2.weight"), Of("conv2.bias")).Then("relu2", new ReLU())
            .Then("pool2", new MaxPool2d(half)).Then("flat", new Flatten())
            .Then("fc", new Linear(128, 5), Of("fc.weight"), Of("fc.bias"))
            .Build("twin", new Preprocessing { InputSize = s_twins.Size, ResizeShorterSide = s_twins.Size });

        Weight Of(string name) => Weight.FromValues(name, new Shape(s_twins.Weights[name].Shape), s_twins.Weights[name].Values);
    }

    private sealed record Twins(
        int Size, int[] Image, double[] Logits, Dictionary<string, float[]> Starts, Dictionary<string, Parameter> Weights, Case[] Cases);

    private sealed record Parameter(int[] Shape, float[] Values);

    private sealed record Case(
        string Attack, string Norm, double Radius, string Loss, int? Target, bool Lattice, string Start, float[] Result, bool Reached,
        int Steps, double Rate, double Momentum);
}
