using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Likeness;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Objectives;

/// <summary>Values worked out by hand.</summary>
[TestClass]
public sealed class ObjectiveValueTests
{
    private static readonly Network Net = TinyNets.Vgg();
    private static readonly Node Map = Net.Find("relu0_0");

    /// <summary>Two channels of 2×2: 0 1 2 3 and 4 5 6 7.</summary>
    private static readonly float[] Ramp = [0, 1, 2, 3, 4, 5, 6, 7];

    [TestMethod]
    public void Units_Ramp_AreMeansAndValues()
    {
        Assert.AreEqual(5.5, On(new ChannelObjective(Map, 1)));
        Assert.AreEqual(7, On(new NeuronObjective(Map, 1)), "the centre of 2x2 is its lower right");
        Assert.AreEqual(2, On(new NeuronObjective(Map, 0, (1, 0))));
        Assert.AreEqual(140 / 8.0, On(new LayerObjective(Map)));
    }

    [TestMethod]
    public void Neuron_CentreOfOddMap_IsTheMiddle() =>
        Assert.AreEqual(4, Value(new NeuronObjective(Map, 0), new Shape(1, 1, 3, 3), [0, 1, 2, 3, 4, 5, 6, 7, 8]));

    [TestMethod]
    public void Neuron_OutsideTheMap_Throws() => Assert.ThrowsExactly<InputException>(() => On(new NeuronObjective(Map, 1, (2, 0))));

    /// <summary>At a_0 = (0,4), v = (3,4): dot 16, cos 0.8; (1,5): 23; (2,6): 30; (3,7): 37.</summary>
    [TestMethod]
    public void Direction_Ramp_IsTheMeanProduct()
    {
        float[] v = [3, 4];

        Assert.AreEqual((16 + 23 + 30 + 37) / 4.0, On(new DirectionObjective(Map, v, "v")));
        Assert.AreEqual(16 * 0.8 * 0.8, On(new DirectionObjective(Map, v, "v", 2, new MapPosition((0, 0)))), 1e-12, "float64 rounding");
        Assert.AreEqual(37, On(new DirectionObjective(Map, v, "v", 0, new MapPosition())));
        Assert.AreEqual(0.8, On(new CosineObjective(Map, v, "v", new MapPosition((0, 0)))), 1e-15);
        Assert.AreEqual(-16 * 0.1, On(new DirectionObjective(Map, [-3, -4], "v", 1, new MapPosition((0, 0)))), 1e-12, "the cosine's floor");
    }

    [TestMethod]
    public void Cosine_ZeroActivation_IsZeroWithoutGradient()
    {
        var seen = new Observation(new Canvas(1, 1, 1), new float[3], _ => (new Shape(1, 2, 1, 1), [0, 0]));
        ObjectiveValue value = new CosineObjective(Map, [1, 1], "v").Evaluate(seen);

        Assert.AreEqual(0, value.Values[0]);
        CollectionAssert.AreEqual(new float[2], value.Activations[Map]);
    }

    [TestMethod]
    public void Likeness_ThePhotoItself_IsPerfect()
    {
        var photo = new ActivationPattern("p", new Shape(1, 2, 2, 2), Ramp);

        Assert.AreEqual(0, On(new InversionObjective(Map, photo)));
        Assert.AreEqual(0, On(new StyleObjective(Map, photo)));
        Assert.AreEqual(1, On(new CaricatureObjective(Map, photo, 2)), 1e-15);
        Assert.AreEqual(-1, Value(new InversionObjective(Map, photo), new Shape(1, 2, 2, 2), new float[8]), 1e-15);
    }

    /// <summary>Channels (1,0) and (0,1) give G = ½·diag(1,1), the photo's (1,1) and (0,0) give diag(1,0): ‖G−G₀‖² = ½, ‖G₀‖² =
    /// 1.</summary>
    [TestMethod]
    public void Style_OtherPattern_IsTheGramDistance()
    {
        var photo = new ActivationPattern("p", new Shape(1, 2, 1, 2), [1, 1, 0, 0]);

        Assert.AreEqual(-0.5, Value(new StyleObjective(Map, photo), new Shape(1, 2, 1, 2), [1, 0, 0, 1]));
        Assert.AreEqual(0, Value(new StyleObjective(Map, photo), new Shape(1, 2, 1, 4), [1, 1, 1, 1, 0, 0, 0, 0]), "a map of another size");
    }

    /// <summary>G = diag(1,0), diag(1,0), diag(0,1): cosines 1, 0, 0.</summary>
    [TestMethod]
    public void Diversity_ThreeImages_AreTheMeanCosines()
    {
        var seen = new Observation(new Canvas(3, 1, 1), new float[9], _ => (new Shape(3, 2, 1, 1), [1, 0, 2, 0, 0, 3]));

        CollectionAssert.AreEqual((double[])[-0.5, -0.5, 0], new DiversityObjective(Map).Evaluate(seen).Values);
        Assert.AreEqual(0, On(new DiversityObjective(Map)), "a single image");
    }

    [TestMethod]
    public void Photo_OfAnotherSizeOrSilent_Throws()
    {
        var photo = new ActivationPattern("p.jpg", new Shape(1, 2, 2, 1), [1, 2, 3, 4]);

        StringAssert.Contains(Assert.ThrowsExactly<InputException>(() => On(new InversionObjective(Map, photo))).Message, "[1,2,2,1]");
        Assert.ThrowsExactly<InputException>(() => On(new CaricatureObjective(Map, photo)));
        Assert.ThrowsExactly<InputException>(() => new ActivationPattern("p.jpg", new Shape(1, 2), [0, 0]));
    }

    /// <summary>One row of two pixels in each colour: (0, ½), (½, ½), (1, 0).</summary>
    [TestMethod]
    public void Penalties_TwoPixels_AreMeans()
    {
        var seen = new Observation(new Canvas(1, 1, 2), [0, 0.5f, 0.5f, 0.5f, 1, 0], _ => throw new InvalidOperationException());
        double Of(Objective objective) => objective.Evaluate(seen).Values[0];

        Assert.AreEqual((0.5 + 0 + 1) / 6, Of(new TotalVariationObjective()), 1e-15);
        Assert.AreEqual(1.5 / 6, Of(new L1Objective()), 1e-15);
        Assert.AreEqual(0.75 / 6, Of(new L2Objective()), 1e-15);
        Assert.AreEqual(0.25 / 6, Of(new DistanceObjective("p", [0, 0.5f, 0.5f, 0.5f, 0.5f, 0])), 1e-15);
        Assert.AreEqual(0.75 / 6, Of(new BoundaryObjective(1)), 1e-15, "all of it is frame");
        Assert.ThrowsExactly<InputException>(() => Of(new DistanceObjective("p", new float[3])));
    }

    [TestMethod]
    public void Boundary_Inside_IsFree()
    {
        var canvas = new Canvas(1, 3, 3);
        float[] centre = new float[canvas.Length];
        Array.Fill(centre, 0.5f);
        (centre[4], centre[13]) = (0, 1);

        Assert.AreEqual(0, new BoundaryObjective(1).Evaluate(new Observation(canvas, centre, _ => default)).Values[0]);
        Assert.AreEqual(0.5 / 27, new BoundaryObjective(2).Evaluate(new Observation(canvas, centre, _ => default)).Values[0], 1e-15);
    }

    [TestMethod]
    public void LogProbability_ExtremeLogits_KeepsValueAndGradient()
    {
        (double value, float[] slope) = LogProbability(0, 1000, 0, -1000);
        Assert.AreEqual(0, value);
        Assert.AreEqual(0, slope[0]);

        (value, slope) = LogProbability(1, 1000, 0, -1000);
        Assert.AreEqual(-1000, value);
        CollectionAssert.AreEqual((float[])[-1, 1, 0], slope, "p itself would give no gradient");

        (value, slope) = LogProbability(0, 40, 0);
        Assert.AreEqual(1, value / -Math.Exp(-40), 1e-12, "log p lies far below float64's rounding of p and must not be lost in it");
        Assert.AreEqual(1, slope[0] / Math.Exp(-40), 1e-6, "one rounding to float32");

        (value, _) = LogProbability(2, 3e38f, -3e38f, 0);
        Assert.AreEqual(-(double)3e38f, value);
        Assert.AreEqual(Math.Log(1.0 / 3), OutputActivation.Softmax.LogProbability([5, 5, 5], 1), 1e-15);
        Assert.IsTrue(double.IsNaN(OutputActivation.Softmax.LogProbability([1, float.NaN], 0)));
    }

    private static (double Value, float[] Slope) LogProbability(int id, params float[] logits)
    {
        var seen = new Observation(new Canvas(1, 1, 1), new float[3], _ => (new Shape(1, logits.Length), logits));
        ObjectiveValue value = new LogProbabilityObjective(Net, id).Evaluate(seen);
        return (value.Values[0], value.Activations[Net.Output]);
    }

    private static double On(Objective objective) => Value(objective, new Shape(1, 2, 2, 2), Ramp);

    private static double Value(Objective objective, Shape shape, float[] activation) =>
        objective.Evaluate(new Observation(new Canvas(1, 1, 1), new float[3], _ => (shape, activation))).Values[0];
}
