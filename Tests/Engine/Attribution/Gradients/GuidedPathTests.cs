using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class GuidedPathTests
{
    [TestMethod]
    public void Advance_Unbounded_MovesTheLeastGradientFirst()
    {
        var path = new GuidedPath(new StraightLine([0, 0], [1, 1]), fraction: 0.5, maxDistance: 1);

        path.Arrive([1, 10]);
        path.Advance(0.5);
        CollectionAssert.AreEqual((float[])[1, 0], Place(path), "half of the whole way is all of the first value's");
        path.Arrive([5, 2]);
        path.Advance(0.75);
        CollectionAssert.AreEqual((float[])[1, 0.5f], Place(path), "the first value has arrived, so that the other moves");
        path.Arrive([5, 3]);
        path.Advance(1);
        path.Arrive([0, 7]);

        CollectionAssert.AreEqual((float[])[1, 1], Place(path));
        CollectionAssert.AreEqual((double[])[3, 3.75], path.Attribution, "each way times the mean of the gradients at its ends");
    }

    [TestMethod]
    public void Advance_Bounded_StaysNearTheLine()
    {
        var path = new GuidedPath(new StraightLine([0, 0, 0], [4, -4, 4]), fraction: 0.01, maxDistance: 0.125);

        path.Arrive([1, 2, 3]);
        path.Advance(0.5);

        float[] place = Place(path);
        Assert.AreEqual(4 * 0.625, place[0], 1e-6, "the first is as far ahead as it may be");
        Assert.AreEqual(-4 * 0.5, place[1], 1e-6, "the second has the rest");
        Assert.AreEqual(4 * 0.375, place[2], 1e-6, "the last is as far behind as it may be");
    }

    [TestMethod]
    public void GuidedIg_NoDistance_IsTheTrapezoidSumOnTheLine()
    {
        const int Steps = 8;
        Network net = TinyNets.Diamond();
        NetworkInput input = Requests.RandomInput(17, 1);
        using var backend = new ReferenceBackend();
        using var exact = new ExactModel(net, 0, 17);
        var expected = new double[input.Tensor.Length];
        for (int k = 0; k <= Steps; k++)
        {
            double[] gradient = exact.Gradient([.. input.Tensor.Select(v => (double)k / Steps * v)]);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += (k is 0 or Steps ? 0.5 : 1) * gradient[i] * input.Tensor[i] / Steps;
            }
        }

        float[] found = GradientCase.Explain(
            net, backend, input, "guided-ig", "steps", $"{Steps}", "max-dist", "0", "baseline", "mean").Values;

        TensorAssert.RelativeL2(expected, found, 1e-5, "points on the path are rounded to float32");
    }

    [TestMethod]
    [DataRow(0.02)]
    [DataRow(1)]
    public void Advance_ToTheEnd_ArrivesAtTheInput(double maxDistance)
    {
        var random = new Gaussian(5);
        float[] start = random.Values(40), end = random.Values(40);
        end[7] = start[7];
        var path = new GuidedPath(new StraightLine(start, end), 0.25, maxDistance);

        for (int k = 1; k <= 30; k++)
        {
            path.Arrive(random.Values(40));
            path.Advance(k / 30.0);
            double left = Place(path).Zip(end, (p, x) => Math.Abs((double)x - p)).Sum(),
                whole = start.Zip(end, (s, x) => Math.Abs((double)x - s)).Sum();
            Assert.AreEqual(whole * (30 - k) / 30, left, 1e-5, "as far as the straight line, places rounded to float32");
        }

        CollectionAssert.AreEqual(end, Place(path));
    }

    private static float[] Place(GuidedPath path)
    {
        var place = new float[path.Attribution.Length];
        path.CopyTo(place);
        return place;
    }
}
