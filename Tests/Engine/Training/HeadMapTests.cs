using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Training;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Training;

/// <summary>Where a head sees a class, and on which layer it is put.</summary>
[TestClass]
public sealed class HeadMapTests
{
    [TestMethod]
    public void Shares_AddUpToTheLogitLessItsBias()
    {
        var rng = new Rng(5);
        var shape = new Shape(1, 6, 3, 4);
        float[] maps = [.. Enumerable.Range(0, 72).Select(i => (float)rng.Gaussian((ulong)i))];
        var scale = new FeatureScale([.. Enumerable.Range(0, 6).Select(i => 0.1 * i)], [.. Enumerable.Range(0, 6).Select(i => 1.0 + i)]);
        var head = SoftmaxHead.Of([.. Enumerable.Range(100, 21).Select(i => rng.Gaussian((ulong)i))], scale);
        for (int c = 0; c < 3; c++)
        {
            float[] map = HeadMap.Of(head, c, shape, maps);
            Assert.HasCount(12, map);
            double logit = head.Logits(FeatureRun.Means(shape, maps))[c];
            Assert.AreEqual(logit - head.Bias[c], map.Sum(v => (double)v), 1e-5, "means and shares are float32");
            float[] large = HeadMap.Positive(head, c, shape, maps, (3, 4));
            CollectionAssert.AreEqual(map.Select(v => Math.Max(0, v)).ToArray(), large, "at its own size it is the map above 0");
        }

        Assert.ThrowsExactly<ArgumentException>(() => HeadMap.Of(head, 0, new Shape(1, 6), maps.AsSpan(0, 6)));
        Assert.ThrowsExactly<ArgumentException>(() => HeadMap.Of(head, 0, new Shape(1, 5, 3, 4), maps.AsSpan(0, 60)));
    }

    [TestMethod]
    public void LastMaps_IsTheLastLayerWithPlaces()
    {
        Assert.AreEqual("features.30", FeatureRun.LastMaps(ModelStore.Load("vgg16-200")).Name);
        foreach (Network network in new[] { ShapeNets.Grey(), ShapeNets.Oblong(), ShapeNets.Maps(), TinyNets.Residual() })
        {
            Node node = FeatureRun.LastMaps(network);
            Shape shape = network.OwnShapes[node.Id];
            Assert.AreEqual(4, shape.Rank, network.Name);
            Assert.IsGreaterThan(1, shape[2] * shape[3], network.Name);
        }

        Network flat = TinyNets.Perceptron(4, 3, 2);
        Assert.AreEqual(FeatureRun.Usual(flat).Id, FeatureRun.LastMaps(flat).Id, "without maps it is what a head usually reads");
    }
}
