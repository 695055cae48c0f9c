using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Evidence.Numerics;
using Interp.Engine.Graph;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence.Metrics;

/// <summary>Where the points of a curve lie, and how near the area then is to the true one.</summary>
[TestClass]
public sealed class ChangeCurveTests
{
    private const int Pixels = 224 * 224;

    [TestMethod]
    [DataRow(40.0, 0.005)]
    [DataRow(8.0, 0.005)]
    [DataRow(2.0, 0.002)]
    public void ExponentialFall_HasItsAreaFromFewPoints(double rate, double tolerance)
    {
        ChangeCurve curve = Measured(f => Math.Exp(-rate * f), out int passes);

        Assert.AreEqual((1 - Math.Exp(-rate)) / rate, curve.Area, tolerance, "a cubic through few points of a convex curve");
        Assert.IsLessThanOrEqualTo(0.04 * (1 - Math.Exp(-rate)), curve.Bound);
        Assert.IsLessThanOrEqualTo(20, passes);
    }

    [TestMethod]
    public void Line_IsExact_AndConstantTakesTheFirstPointsOnly()
    {
        Assert.AreEqual(0.5, Measured(f => 1 - f, out _).Area, 1e-12, "float64 sums");
        ChangeCurve constant = Measured(_ => 0.3, out int passes);
        Assert.AreEqual(0.3, constant.Area, 1e-15);
        Assert.AreEqual(5, passes, "the ends, 1/16, 1/4 and 1/2");
    }

    [TestMethod]
    public void Step_LiesWithinTheBoundOfACubic()
    {
        ChangeCurve curve = Measured(f => f < 0.37 ? 0.9 : 0.1, out _);

        Assert.AreEqual(0.1 + (0.8 * 0.37), curve.Area, 2 * 0.04 * 0.8, "a rectangle, of which the trapezoid is half");
        Assert.IsLessThanOrEqualTo(0.04 * 0.8, curve.Bound);
    }

    [TestMethod]
    public void LateCurve_IsTheEarlyOneReadBackwards()
    {
        double early = Measured(f => Math.Exp(-20 * f), out int few).Area;
        double late = Measured(f => Math.Exp(-20 * (1 - f)), out int same, isLate: true).Area;

        Assert.AreEqual(early, late, 1e-4, "middles of odd intervals are rounded down");
        Assert.AreEqual(few, same);
    }

    [TestMethod]
    public void UnitOfTheCurve_DoesNotMovePoints()
    {
        double area = Measured(f => Math.Exp(-20 * f), out int passes).Area;
        double large = Measured(f => 5 + (1024 * Math.Exp(-20 * f)), out int same).Area;

        Assert.AreEqual(5 + (1024 * area), large, 1e-9, "float64 sums");
        Assert.AreEqual(passes, same);
    }

    [TestMethod]
    public void EvenSteps_AreTrapezoids()
    {
        ChangeCurve curve = Measured(f => f * f, out int passes, steps: 4);

        Assert.AreEqual(5, passes);
        Assert.AreEqual((0 + (2 / 16.0) + (2 / 4.0) + (2 * 9 / 16.0) + 1) / 8, curve.Area, 1e-12, "float64 sums");
    }

    [TestMethod]
    public void NoNumber_EndsTheCurve()
    {
        Assert.IsTrue(double.IsNaN(Measured(f => f > 0.4 ? double.NaN : 1, out int passes).Area));
        Assert.AreEqual(5, passes);
    }

    [TestMethod]
    public void Slopes_AreSciPys()
    {
        // PchipInterpolator([0, 1, 3, 4, 9], [2, 1, 0.5, 0.7, 0.7]).derivative() at the points, and for two points.
        double[] slopes = MonotoneCubic.Slopes([0, 1, 3, 4, 9], [2, 1, 0.5, 0.7, 0.7]);

        foreach ((double expected, double found) in new[] { -1.25, -9 / 23.0, 0, 0, 0 }.Zip(slopes))
        {
            Assert.AreEqual(expected, found, 1e-12, "float64 sums");
        }

        CollectionAssert.AreEqual(new[] { 0.5, 0.5 }, MonotoneCubic.Slopes([0, 2], [1, 2]));
    }

    [TestMethod]
    [DataRow("gradcam")]
    [DataRow("guided")]
    [DataRow("vanilla")]
    public void RealNetwork_HasTheAreaOfTheFineCurve(string method)
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        EvidenceRequest request = EvidenceCases.Of(
            explainer, Requests.RandomInput(32, 1), AttributionCatalog.All.Find(method), new ClassTarget(2));
        foreach (EvidenceMetric metric in (EvidenceMetric[])[PixelCurve.Deletion, PixelCurve.Insertion])
        {
            EvidenceFinding few = metric.Measure(request), fine = metric.Measure(request with { Options = new() { CurveSteps = 1024 } });
            float[] curve = fine.Curves[0].Values[1025..];
            Assert.AreEqual(fine.Values[0], few.Values[0], 0.04 * (curve.Max() - curve.Min()), $"{metric.Name}: the tolerance");
            Assert.IsLessThan(35, few.Curves[0].Shape[1]);
        }
    }

    private static ChangeCurve Measured(Func<double, double> y, out int passes, bool isLate = false, int steps = 0)
    {
        var curve = new ChangeCurve(new() { CurveSteps = steps }, Pixels, n => new After(n), isLate);
        passes = 0;
        foreach (EvidenceImages step in curve.Steps())
        {
            step.Scores = [.. step.Images.Select(i => y((double)((After)i).Count / Pixels))];
            passes += step.Images.Count;
        }

        return curve;
    }

    private sealed record After(int Count) : EvidenceImage
    {
        public override void Fill(Span<float> input) => throw new NotSupportedException();
    }
}
