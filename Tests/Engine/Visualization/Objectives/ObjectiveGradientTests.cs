using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Algebra;
using Interp.Engine.Visualization.Objectives.Likeness;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Tests.Engine.Visualization.Objectives;

/// <summary>Every objective's gradient against central differences.</summary>
[TestClass]
public sealed class ObjectiveGradientTests
{
    private static readonly Network Net = ObjectiveCheck.Net;
    private static readonly Node Map = Net.Find("conv1_0");
    private static readonly Node Vector = Net.Find("fc0");
    private readonly ObjectiveCheck _check = new();
    private readonly float[] _direction;

    public ObjectiveGradientTests() => _direction = _check.Random(17);

    [TestMethod]
    public void Units_Gradients_AreTheDifferences() => All(
        new ChannelObjective(Map, 5), new ChannelObjective(Vector, 7), new NeuronObjective(Map, 16), new NeuronObjective(Map, 0, (3, 1)),
        new NeuronObjective(Vector, 4), new LayerObjective(Map), new LayerObjective(Vector), new LogitObjective(Net, 6),
        new LogProbabilityObjective(Net, 2));

    [TestMethod]
    public void Directions_Gradients_AreTheDifferences() => All(
        new DirectionObjective(Map, _direction, "v"), new DirectionObjective(Map, _direction, "v", 2),
        new DirectionObjective(Map, _direction, "v", 1.5, new MapPosition()),
        new DirectionObjective(Map, _direction, "v", 0, new MapPosition((3, 2))), new DirectionObjective(Vector, _check.Random(19), "v", 1),
        new CosineObjective(Map, _direction, "v"), new CosineObjective(Map, _direction, "v", new MapPosition()));

    [TestMethod]
    public void Likeness_Gradients_AreTheDifferences() => All(
        new InversionObjective(Map, Photo(Map, 17, 4, 3)), new CaricatureObjective(Map, Photo(Map, 17, 4, 3)),
        new CaricatureObjective(Vector, Like(Vector), 2),
        new StyleObjective(Map, Photo(Map, 17, 5, 5)), new StyleObjective(Vector, Photo(Vector, 19)), new DiversityObjective(Map),
        new DiversityObjective(Vector));

    [TestMethod]
    public void Penalties_Gradients_AreTheDifferences() => All(
        new TotalVariationObjective(), new L1Objective(), new L2Objective(), new DistanceObjective("x", _check.Random(90)),
        new BoundaryObjective(1), new BoundaryObjective());

    [TestMethod]
    public void Algebra_Gradients_AreTheDifferences()
    {
        Objective channel = new ChannelObjective(Map, 5), layer = new LayerObjective(Vector), diverse = new DiversityObjective(Map),
            variation = new TotalVariationObjective();
        All(channel + layer, channel - (0.5 * variation), -channel, channel * layer, channel * channel, diverse * layer * channel,
            (channel - 2) * (variation + diverse),
            new InterpolationObjective(channel * channel, diverse), new InterpolationObjective(layer, channel) * variation);
    }

    private ActivationPattern Photo(Node node, params int[] dims)
    {
        var shape = new Shape([1, .. dims]);
        return new ActivationPattern($"{node.Name}.jpg", shape, _check.Random((int)shape.Count));
    }

    /// <summary>Nearly what the images give, so that the cosine is above its floor.</summary>
    private ActivationPattern Like(Node node) =>
        new("like.jpg", new Shape(1, 19), [.. _check[node.Name].Take(19).Zip(_check.Random(19), (a, r) => a + (0.3f * r))]);

    private void All(params Objective[] objectives)
    {
        foreach (Objective objective in objectives)
        {
            _check.Gradient(objective);
        }
    }
}
