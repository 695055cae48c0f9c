using System.Globalization;
using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Reading;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>Outlines and run lengths, against COCO's own code.</summary>
[TestClass]
public sealed class FillTests
{
    [TestMethod]
    public void Fill_ByTheEdgeRule_TakesThePixelsOfCocosOwnCode()
    {
        foreach (Dictionary<string, string> row in Tsv.Read("labels", "fills.tsv"))
        {
            (int height, int width) = (int.Parse(row["height"]), int.Parse(row["width"]));
            var canvas = new LabelCanvas("a.png", width, height);
            double[] xy = [.. row["vertices"].Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            new PolygonFill(canvas, PolygonRule.Edge).Fill(xy, "object", 1, "a.json");
            Assert.AreEqual(row["runs"], string.Join(' ', Runs(canvas.Plane("object"), width, height)), row["vertices"]);
        }
    }

    [TestMethod]
    public void Decode_CompressedRuns_AreThoseOfCocosOwnCode()
    {
        foreach (Dictionary<string, string> row in Tsv.Read("labels", "fills.tsv"))
        {
            Assert.AreEqual(row["runs"], string.Join(' ', RunLengths.Decode(row["counts"], "a.json")));
            (int height, int width) = (int.Parse(row["height"]), int.Parse(row["width"]));
            foreach (string counts in (string[])[JsonSerializer.Serialize(row["counts"]), $"[{row["runs"].Replace(' ', ',')}]"])
            {
                var canvas = new LabelCanvas("a.png", width, height);
                canvas.Plane("object");
                using var rle = JsonDocument.Parse($"{{\"size\":[{height},{width}],\"counts\":{counts}}}");
                RunLengths.Fill(rle.RootElement, canvas, "object", 1, "a.json");
                Assert.AreEqual(row["runs"], string.Join(' ', Runs(canvas.Plane("object"), width, height)));
            }
        }
    }

    [TestMethod]
    public void Fill_ByTheCentreRule_MakesAMaskOfItsTracedOutlineAgain()
    {
        // An outline through the centres of the outermost pixels, one step to one of 8 neighbours at a time, as tracing gives it.
        double[] diamond = [5, 1, 6, 2, 7, 3, 8, 4, 7, 5, 6, 6, 5, 7, 4, 6, 3, 5, 2, 4, 3, 3, 4, 2];
        var canvas = new LabelCanvas("a.png", 11, 9);
        new PolygonFill(canvas, PolygonRule.Centre).Fill(diamond, "object", 1, "a.json");
        ushort[] plane = canvas.Plane("object");
        for (int y = 0; y < 9; y++)
        {
            for (int x = 0; x < 11; x++)
            {
                Assert.AreEqual(Math.Abs(x - 5) + Math.Abs(y - 4) <= 3 ? 1 : 0, plane[(y * 11) + x], $"{x},{y}");
            }
        }
    }

    [TestMethod]
    public void Fill_OutlineOfEndlessLength_IsRefusedSoon()
    {
        double[] zigzag = [.. Enumerable.Range(0, 4000).SelectMany(i => (double[])[i % 2 == 0 ? -900000 : 900000, i])];
        var fill = new PolygonFill(new LabelCanvas("a.png", 10, 10), PolygonRule.Edge);
        Assert.Contains("longer than", Assert.ThrowsExactly<InputException>(() => fill.Fill(zigzag, "object", 1, "a.json")).Message);
    }

    [TestMethod]
    [DataRow("83400000k", "cut off or damaged")]
    [DataRow("8340000k0p", "cut off or damaged")]
    [DataRow("8340000", "the runs have")]
    [DataRow("", "the runs have 0 pixels")]
    [DataRow("o1o1", "more than 63 pixels")]
    [DataRow("oooooooooo0", "cut off or damaged")]
    public void Fill_RunsThatAreNotWhole_AreRefused(string counts, string part)
    {
        using var rle = JsonDocument.Parse($"{{\"size\":[7,9],\"counts\":\"{counts}\"}}");
        var canvas = new LabelCanvas("a.png", 9, 7);
        InputException e = Assert.ThrowsExactly<InputException>(() => RunLengths.Fill(rle.RootElement, canvas, "object", 1, "a.json"));
        Assert.Contains(part, e.Message);
    }

    private static List<int> Runs(ushort[] plane, int width, int height)
    {
        var runs = new List<int> { 0 };
        ushort last = 0;
        for (int i = 0; i < plane.Length; i++)
        {
            ushort now = plane[(i % height * width) + (i / height)];
            if (now == last)
            {
                runs[^1]++;
            }
            else
            {
                runs.Add(1);
            }

            last = now;
        }

        return runs;
    }
}
