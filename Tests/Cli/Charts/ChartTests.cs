using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Interp.Cli.Charts;
using Interp.Engine.Imaging;

namespace Interp.Tests.Cli.Charts;

[TestClass]
public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly BarChart Concepts = new("spider web", "TCAV score", [
        new("grid", 0.8) { Group = "texture", Interval = (0.7, 0.9), Stars = "***" },
        new("<script>alert('x')</script> & \"q\"", 0.4) { Group = "texture", IsGrey = true },
        new("\u0000\u001b中文", -0.2) { Group = "object", Chance = 0.1, Text = "minus a fifth" },
        new("none", double.NaN) { Group = "object" },
    ])
    {
        Shown = [0, 1],
        Reference = new ReferenceLine(0.5, "chance", (0.4, 0.6)),
        Remarks = ["grey: not significant"],
    };

    private static readonly LineChart Layers = new("units over depth", "layer", "units", ["one", "two", "three"], [
        new("texture", [1, 2, 3]) { Intervals = [(0, 2), (1, 3), (3, 3)] },
        new("other", [3, double.NaN, 1]),
        new("chance", [0.5, 0.5, 0.5]) { IsDashed = true },
    ]);

    /// <summary>A bar is as long as its value says, on the scale of the numbers along the axis.</summary>
    [TestMethod]
    public void Bars_Svg_HasTheValues()
    {
        XElement svg = Parse(Chart.Bars(Concepts));
        Dictionary<string, XElement> groups = svg.Elements(Svg + "g").ToDictionary(g => g.Element(Svg + "title")!.Value);
        double zero = Tick(svg, "0.0"), one = Tick(svg, "1.0");

        XElement grid = groups["texture, grid: 0.8***, 0.7 to 0.9"], bar = grid.Element(Svg + "rect")!;
        Assert.AreEqual(zero, Number(bar, "x"), 0.02);
        Assert.AreEqual(0.8 * (one - zero), Number(bar, "width"), 0.02);
        Assert.AreEqual("#d55e00", (string?)bar.Attribute("fill"));
        CollectionAssert.AreEqual(new[] { "grid", "0.8 ***" }, grid.Elements(Svg + "text").Select(t => t.Value).ToArray());
        double[] whisker = Points(grid.Elements(Svg + "polyline").First());
        Assert.AreEqual(zero + (0.7 * (one - zero)), whisker[0], 0.02);
        Assert.AreEqual(zero + (0.9 * (one - zero)), whisker[2], 0.02);

        XElement escaped = groups["texture, <script>alert('x')</script> & \"q\": 0.4, not significant"].Element(Svg + "rect")!;
        Assert.AreEqual("0.3", (string?)escaped.Attribute("fill-opacity"));
        XElement negative = groups["object, \uFFFD\uFFFD中文: minus a fifth, chance 0.1"];
        Assert.AreEqual(zero - (0.2 * (one - zero)), Number(negative.Element(Svg + "rect")!, "x"), 0.02);
        Assert.AreEqual(zero + (0.1 * (one - zero)), Points(negative.Element(Svg + "polyline")!)[0], 0.02);
        Assert.IsNull(groups["object, none: –"].Element(Svg + "rect"));

        XElement chance = groups["chance: 0.5, 0.4 to 0.6"].Element(Svg + "polyline")!;
        Assert.AreEqual(zero + (0.5 * (one - zero)), Points(chance)[0], 0.02);
        Assert.AreEqual("4 4", (string?)chance.Attribute("stroke-dasharray"));
        XElement band = svg.Elements(Svg + "rect").Single(r => (string?)r.Attribute("fill-opacity") == "0.08");
        Assert.AreEqual(0.2 * (one - zero), Number(band, "width"), 0.02);
        CollectionAssert.IsSubsetOf(
            new[] { "spider web", "grey: not significant", "TCAV score", "texture", "object" },
            svg.Elements(Svg + "text").Select(t => t.Value).ToArray());
    }

    /// <summary>Nothing is loaded, run or styled: a page's policy lets the chart in, and it takes the page's text colour.</summary>
    [TestMethod]
    public void Svg_InAPage_HasOnlyMarks()
    {
        string page = Chart.Bars(Concepts).Svg(inPage: true), file = Chart.Bars(Concepts).Svg();
        foreach (string svg in new[] { page, file, Chart.Lines(Layers).Svg(inPage: true) })
        {
            var root = XElement.Parse(svg);
            Assert.IsTrue(root.DescendantsAndSelf().All(e => e.Name.LocalName
                is "svg" or "g" or "title" or "rect" or "circle" or "polygon" or "polyline" or "text"));
            Assert.IsFalse(root.DescendantsAndSelf().Attributes().Any(a => a.Name.LocalName is "style" or "href" or "class"
                || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || a.Value.Contains("url(", StringComparison.Ordinal)));
        }

        Assert.Contains("fill=\"currentColor\"", page);
        Assert.DoesNotContain("#1c1d1f", page);
        Assert.DoesNotContain("#ffffff", page);
        Assert.DoesNotContain("currentColor", file);
        Assert.AreEqual("#ffffff", (string?)XElement.Parse(file).Elements().First().Attribute("fill"));
    }

    /// <summary>The image shows what the SVG says: in the middle of each rectangle is its colour, on white.</summary>
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(2.0)]
    [DataRow(1.5)]
    public void Png_ShowsTheSvgsMarks(double scale)
    {
        var chart = Chart.Bars(Concepts with { Reference = null });
        RgbImage image = chart.Png(scale);
        Assert.AreEqual(((int)Math.Ceiling(chart.Width * scale), (int)Math.Ceiling(chart.Height * scale)), (image.Width, image.Height));
        XElement[] bars = [.. Parse(chart).Elements(Svg + "g").Elements(Svg + "rect")];
        Assert.HasCount(3, bars);
        foreach (XElement bar in bars)
        {
            // A third along, below the whisker and beside the grid lines.
            double x = Number(bar, "x") + (Number(bar, "width") / 3), y = Number(bar, "y") + 10;
            int at = 3 * (((int)(y * scale) * image.Width) + (int)(x * scale));
            int rgb = int.Parse(((string)bar.Attribute("fill")!)[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            double opacity = bar.Attribute("fill-opacity") is { } o ? double.Parse(o.Value, CultureInfo.InvariantCulture) : 1;
            for (int c = 0; c < 3; c++)
            {
                Assert.AreEqual(255 + (opacity * (((rgb >> (16 - (8 * c))) & 255) - 255)), image.Pixels[at + c], 0.5, $"{bar}");
            }
        }

        CollectionAssert.AreEqual(new byte[] { 255, 255, 255 }, image.Pixels[..3]);
    }

    /// <summary>The bytes are the same on every machine: these were made on one with AVX-512 under Linux.</summary>
    [TestMethod]
    public void Bytes_AreTheSameEverywhere()
    {
        Assert.AreEqual("13a41749ac149aa2", Hash(Chart.Bars(Concepts).Png().Pixels));
        Assert.AreEqual("3a9c60666f13f866", Hash(Chart.Lines(Layers).Png().Pixels));
        Assert.AreEqual("065116f8f7541377", Hash(System.Text.Encoding.UTF8.GetBytes(Chart.Bars(Concepts).Svg())));
        Assert.AreEqual("ccb7fbf6c1681c5d", Hash(System.Text.Encoding.UTF8.GetBytes(Chart.Lines(Layers).Svg())));

        static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
    }

    /// <summary>Eighty bars have their labels whole, one below the other without touching, and none beside the chart.</summary>
    [TestMethod]
    public void EightyBars_AreReadable()
    {
        var chart = Chart.Bars(new BarChart("t", "v", [
            .. Enumerable.Range(0, 80).Select(i => new Bar($"concept {i}", i) { Group = $"g{i / 27}" }),
            new Bar(new string('w', 100), 3),
        ]));
        XElement svg = Parse(chart);
        XElement[] labels = [.. svg.Elements(Svg + "g").Select(g => g.Elements(Svg + "text").First())];
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 80).Select(i => $"concept {i}").ToArray(), labels[..80].Select(l => l.Value).ToArray());
        Assert.EndsWith("w…", labels[80].Value);
        Assert.Contains(new string('w', 100), svg.Elements(Svg + "g").Last().Element(Svg + "title")!.Value);
        for (int i = 0; i < labels.Length; i++)
        {
            Assert.IsTrue(i == 0 || Number(labels[i], "y") - Number(labels[i - 1], "y") >= 1.4 * Chart.LabelSize);
            Assert.IsGreaterThan(0.0, Number(labels[i], "x") - Glyphs.Width(labels[i].Value, Chart.LabelSize));
        }

        Assert.IsGreaterThan(Number(labels[80], "y"), chart.Height);
        string[] groups = [.. svg.Elements(Svg + "text").Select(t => t.Value).Where(v => v.StartsWith('g') && v.Length == 2)];
        CollectionAssert.AreEqual(new[] { "g0", "g1", "g2" }, groups);
    }

    [TestMethod]
    public void Lines_Svg_HasTheValues()
    {
        XElement svg = Parse(Chart.Lines(Layers));
        Dictionary<string, XElement> points = svg.Elements(Svg + "g").ToDictionary(g => g.Element(Svg + "title")!.Value);
        double zero = TickY(svg, "0.0"), one = TickY(svg, "1.0");
        XElement two = points["texture, two: 2, 1 to 3"].Element(Svg + "circle")!;
        Assert.AreEqual(zero + (2 * (one - zero)), Number(two, "cy"), 0.02);
        Assert.IsFalse(points.Keys.Any(k => k.StartsWith("other, two", StringComparison.Ordinal)));
        Assert.AreEqual(2, svg.Elements(Svg + "polyline").Count(l => (string?)l.Attribute("stroke") == "#d55e00"), "line and legend");
        Assert.AreEqual(3, svg.Elements(Svg + "polyline").Count(l => (string?)l.Attribute("stroke") == "#0072b2"), "legend and gap");
        Assert.AreEqual(0.15, Number(svg.Elements(Svg + "polygon").Single(), "fill-opacity"));
        double[] band = Points(svg.Elements(Svg + "polygon").Single());
        Assert.AreEqual(zero + (2 * (one - zero)), band[1], 0.02); // above the first
        Assert.AreEqual(zero, band[11], 0.02); // and below it
        double[] xs = [.. Layers.Places.Select(n => Number(svg.Elements(Svg + "text").Single(t => t.Value == n), "x"))];
        Assert.AreEqual(xs[1] - xs[0], xs[2] - xs[1], 0.02);
        Assert.AreEqual(xs[1], Number(two, "cx"), 0.02);
        CollectionAssert.IsSubsetOf(
            new[] { "units over depth", "layer", "units", "texture", "other", "chance" },
            svg.Elements(Svg + "text").Select(t => t.Value).ToArray());
        Assert.ThrowsExactly<ArgumentException>(() => Chart.Lines(Layers with { Places = ["one"] }));
    }

    /// <summary>Many or long names of places stand upright, and of very many only some are written.</summary>
    [TestMethod]
    public void Places_DoNotTouch()
    {
        foreach (int count in new[] { 12, 300 })
        {
            string[] names = [.. Enumerable.Range(0, count).Select(i => $"layer4.{i}.conv")];
            XElement svg = Parse(Chart.Lines(new LineChart("t", "p", "v", names, [new("s", new double[count])])));
            XElement[] places = [.. svg.Elements(Svg + "text").Where(t => t.Value.StartsWith("layer4", StringComparison.Ordinal))];
            Assert.IsTrue(places.All(p => ((string)p.Attribute("transform")!).StartsWith("rotate(-90 ", StringComparison.Ordinal)));
            Assert.IsTrue(places.Zip(places.Skip(1)).All(p => Number(p.Second, "x") - Number(p.First, "x") >= 11));
        }
    }

    [TestMethod]
    public void Points_LieWhereTheirValuesAre()
    {
        XElement svg = Parse(Chart.Points(new ScatterChart(
            "t", "estimate", "truth", [new("near", [new(1, 1, "a"), new(3, 2, "b")]), new("far", [new(2, double.NaN, "c")])])
            {
                Diagonal = "equal",
            }));
        Dictionary<string, XElement> points = svg.Elements(Svg + "g").ToDictionary(g => g.Element(Svg + "title")!.Value);
        Assert.HasCount(3, points, "two points and the diagonal; what is not finite is left out");
        XElement a = points["near, a: 1, 1"].Element(Svg + "circle")!, b = points["near, b: 3, 2"].Element(Svg + "circle")!;
        Assert.AreEqual(TickY(svg, "2.0"), Number(b, "cy"), 0.02);
        double[] line = Points(points["equal"].Element(Svg + "polyline")!);
        double along = (Number(a, "cx") - line[0]) / (line[2] - line[0]);
        Assert.AreEqual(Number(a, "cy"), line[1] + (along * (line[3] - line[1])), 0.05, "on the diagonal x = y");
        CollectionAssert.IsSubsetOf(
            new[] { "near", "far", "estimate", "truth", "equal" }, svg.Descendants(Svg + "text").Select(t => t.Value).ToArray());
    }

    [TestMethod]
    public void Bars_WithDots_ShowBothNumbers()
    {
        XElement svg = Parse(Chart.Bars(new BarChart("t", "v", [new("one", 2) { Dot = 1 }, new("two", 4)]) { DotName = "true" }));
        Dictionary<string, XElement> bars = svg.Elements(Svg + "g").ToDictionary(g => g.Element(Svg + "title")!.Value);
        XElement one = bars["one: 2, true 1"], box = one.Element(Svg + "rect")!;
        double middle = Number(box, "x") + (Number(box, "width") / 2);
        Assert.AreEqual(middle, Number(one.Element(Svg + "circle")!, "cx"), 0.02, "1 lies in the middle of 0 to 2");
        Assert.IsNull(bars["two: 4"].Element(Svg + "circle"));
    }

    private static XElement Parse(Chart chart) => XElement.Parse(chart.Svg());

    private static double Tick(XElement svg, string text) => Number(svg.Elements(Svg + "text").First(t => t.Value == text), "x");

    private static double TickY(XElement svg, string text) => Number(svg.Elements(Svg + "text").First(t => t.Value == text), "y") - 4;

    private static double Number(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    private static double[] Points(XElement line) =>
        [.. ((string)line.Attribute("points")!).Split(' ', ',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
}
