using Interp.Cli.Charts;

namespace Interp.Tests.Cli.Charts;

[TestClass]
public sealed class ChartPartsTests
{
    /// <summary>Of a polygon the shares of pixels, beside 64 × 64 points in each: within what such a grid can tell, half a row of points
    /// along two sides.</summary>
    [TestMethod]
    public void CoverMap_EqualsCountedPoints()
    {
        (double X, double Y)[] corners = [(2.3, 1.1), (9.7, 2.6), (6.1, 8.9), (2.9, 6.2)];
        var cover = new CoverMap(1, 0, 10, 10);
        for (int i = 0; i < corners.Length; i++)
        {
            (double x, double y) = corners[i];
            (double nx, double ny) = corners[(i + 1) % corners.Length];
            cover.Add(x, y, nx, ny);
        }

        var shares = new double[12, 12];
        double area = 0;
        cover.Visit((x, y, share) => (shares[x, y], area) = (share, area + share));
        double exact = Math.Abs(Enumerable.Range(0, 4).Sum(i =>
            (corners[i].X * corners[(i + 1) % 4].Y) - (corners[(i + 1) % 4].X * corners[i].Y))) / 2;
        Assert.AreEqual(exact, area, 1e-9); // the shoelace formula
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 12; x++)
            {
                int inside = Enumerable.Range(0, 64 * 64).Count(p =>
                    Contains(corners, x + (((p % 64) + 0.5) / 64), y + (((p / 64) + 0.5) / 64)));
                Assert.AreEqual(inside / 4096.0, shares[x, y], 1.0 / 64, $"({x}, {y})");
            }
        }
    }

    [TestMethod]
    public void CoverMap_OverlappingContours_AreFilledOnce()
    {
        var cover = new CoverMap(0, 0, 3, 1);
        for (int i = 0; i < 2; i++)
        {
            cover.Add(i + 2, 0, i + 2, 1);
            cover.Add(i, 1, i, 0);
        }

        var shares = new double[3];
        cover.Visit((x, _, share) => shares[x] = share);
        CollectionAssert.AreEqual(new[] { 1.0, 1, 1 }, shares);
    }

    /// <summary>Round numbers about the values, about as many as asked for.</summary>
    [TestMethod]
    [DataRow(0.0, 1.0, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [DataRow(0.0, 0.118, "0.00 0.02 0.04 0.06 0.08 0.10 0.12")]
    [DataRow(-0.3, 0.5, "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3 0.4 0.5")]
    [DataRow(0.0, 512.0, "0 100 200 300 400 500 600")]
    [DataRow(0.0, 7.0, "0 1 2 3 4 5 6 7")]
    [DataRow(0.0, 0.0, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [DataRow(0.0, 1e-5, "0.000000 0.000002 0.000004 0.000006 0.000008 0.000010")]
    public void ValueAxis_HasRoundNumbers(double low, double high, string expected)
    {
        var axis = ValueAxis.Of([high, double.NaN, low], 100, 200, 8);
        Assert.AreEqual(expected, string.Join(' ', axis.Ticks.Select(axis.Text)));
        Assert.AreEqual(100, axis.Place(axis.Low), 1e-9);
        Assert.AreEqual(200, axis.Place(axis.High), 1e-9);
        Assert.AreEqual(200, axis.Place(1e9), 1e-9);
    }

    [TestMethod]
    public void Glyphs_HaveAllOfAsciiAndABoxForTheRest()
    {
        foreach (char letter in Enumerable.Range(33, 94).Select(c => (char)c))
        {
            (double X, double Y)[][] outline = Glyphs.Outlines(letter.ToString(), 2048).Single();
            Assert.IsGreaterThan(0, outline.Length, letter.ToString());
            Assert.IsTrue(outline.SelectMany(c => c).All(p => p.X is > -400 and < 2500 && p.Y is > -2000 and < 700), letter.ToString());
        }

        Assert.IsEmpty(Glyphs.Outlines(" ", 12).Single());
        Assert.AreEqual(Glyphs.Width("\u4e2d", 12), Glyphs.Width("\U0001F600", 12)); // one box each
        Assert.AreEqual(1401 / 2048.0 * 12, Glyphs.Width("A", 12), 1e-12); // DejaVu Sans' advance
        Assert.AreEqual(Glyphs.Width("chance", 12), "chance".Sum(c => Glyphs.Width(c.ToString(), 12)), 1e-9);
    }

    /// <summary>DejaVu's letter l is a plain upright: 184 wide and 1556 high, from 193 on.</summary>
    [TestMethod]
    public void Glyphs_OutlinesLieOnTheBaseLine()
    {
        (double X, double Y)[] points = Glyphs.Outlines("l", 2048).Single().Single();
        Assert.AreEqual((193.0, 377.0), (points.Min(p => p.X), points.Max(p => p.X)));
        Assert.AreEqual((-1556.0, 0.0), (points.Min(p => p.Y), points.Max(p => p.Y)));
    }

    [TestMethod]
    [DataRow("chance", 100.0, "chance")]
    [DataRow("a long name", 50.0, "a long…")]
    [DataRow("x", 1.0, "…")]
    public void Glyphs_CutsWhatIsTooWide(string text, double width, string expected) =>
        Assert.AreEqual(expected, Glyphs.Cut(text, 12, width));

    [TestMethod]
    [DataRow(0.0, "0")]
    [DataRow(0.11834, "0.118")]
    [DataRow(0.04, "0.04")]
    [DataRow(0.0000123, "1.23e-5")]
    [DataRow(102.0, "102")]
    [DataRow(12.34, "12.3")]
    [DataRow(-2.5, "-2.5")]
    [DataRow(double.NaN, "–")]
    public void Numbers_HaveThreeDigits(double value, string expected) => Assert.AreEqual(expected, ChartFrame.Number(value));

    private static bool Contains((double X, double Y)[] corners, double x, double y) => Enumerable.Range(0, corners.Length).All(i =>
    {
        ((double X, double Y) a, (double X, double Y) b) = (corners[i], corners[(i + 1) % corners.Length]);
        return ((b.X - a.X) * (y - a.Y)) - ((b.Y - a.Y) * (x - a.X)) >= 0;
    });
}
