using Interp.Engine.Common;
using Interp.Engine.Evidence;

namespace Interp.Tests.Engine.Evidence;

[TestClass]
public sealed class MethodComparisonTests
{
    [TestMethod]
    public void PairedDifferences_TellApartWhatMeansCannot()
    {
        var rng = new Rng(3);
        double[] photos = [.. Enumerable.Range(0, 12).Select(i => rng.Uniform((ulong)i))];
        double[] better = [.. photos.Select((v, i) => v + 0.01 + (0.001 * (i % 3)))];

        MethodComparison found = MethodComparison.Of("x", [("a", better), ("b", photos)], (_, _) => true).Single();

        Assert.AreEqual(0.011, found.Difference, 1e-12);
        Assert.IsTrue(found.Low > 0.01 && found.High < 0.012 && found.Low < found.High, $"{found.Low} to {found.High}");
        Assert.AreEqual(2 / 4096.0, found.P, 1e-15, "2·2⁻¹²: no other choice of signs is as far from zero but the opposite");
        Assert.IsTrue(found.IsApart);
        Assert.AreEqual(("a", "b", 12), (found.First, found.Second, found.Photos));
    }

    [TestMethod]
    public void Methods_ThatDoNotDiffer_AreRarelyToldApart()
    {
        int apart = 0;
        for (ulong draw = 0; draw < 200; draw++)
        {
            (string, IReadOnlyList<double>)[] methods = [
                .. Enumerable.Range(0, 4).Select(m => ($"{m}", (IReadOnlyList<double>)[
                    .. Enumerable.Range(0, 10).Select(i => new Rng(draw, (ulong)m).Uniform((ulong)i))]))];
            apart += MethodComparison.Of("x", methods, (_, _) => true).Any(c => c.IsApart) ? 1 : 0;
        }

        Assert.IsLessThanOrEqualTo(19, apart, "at most 5 % of 200 columns, and three standard deviations of that");
    }

    [TestMethod]
    public void Photos_OfWhichOneMethodHasNoNumber_AreLeftOut()
    {
        MethodComparison found = MethodComparison.Of(
            "x", [("a", [1, double.NaN, 3]), ("b", [2, 2, double.NaN]), ("c", [double.NaN, double.NaN, double.NaN])], (_, _) => true)
            .Single();

        Assert.AreEqual((1, -1.0, 1.0), (found.Photos, found.Difference, found.P));
    }

    [TestMethod]
    [DataRow(1, 6)]
    [DataRow(28, 11)]
    public void FewestPhotos_AreThoseWithWhichTheLeastPIsEnough(int pairs, int photos)
    {
        Assert.AreEqual(photos, MethodComparison.FewestPhotos(pairs));
        Assert.IsTrue(
            Math.Pow(2, 1 - photos) * pairs <= MethodComparison.Level && Math.Pow(2, 2 - photos) * pairs > MethodComparison.Level);
    }
}
