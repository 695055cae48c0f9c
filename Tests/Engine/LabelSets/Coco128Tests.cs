using Interp.Engine.LabelSets;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>200 photos of COCO in three layouts, which must agree; they lie beside the clone, not in it.</summary>
[TestClass]
public sealed class Coco128Tests
{
    [TestMethod]
    public void Masks_PixelsOfEachConcept_AreThoseThatPillowCounts()
    {
        LabelSurvey survey = LabelSurvey.Of(LabelLayouts.Open(SharedFolder.Find("data/coco128"), "masks"), threads: 2);
        var expected = Tsv.Read("labels", "coco128.tsv").ToDictionary(r => r["concept"], r => $"{r["images"]} {r["pixels"]}");
        Assert.AreEqual((200, 0), (survey.Images, survey.Problems.Length));
        Assert.AreEqual(expected[""], $"200 {survey.Unlabelled}");
        Assert.HasCount(expected.Count - 1, survey.Concepts);
        foreach (ConceptCount count in survey.Concepts)
        {
            Assert.AreEqual(expected[count.Concept.Name], $"{count.Images} {count.Pixels}", count.Concept.Name);
        }
    }

    [TestMethod]
    public void Panoptic_EveryPixel_IsThatOfTheMasks()
    {
        string root = SharedFolder.Find("data/coco128");
        (LabelSet masks, LabelSet panoptic) = (LabelLayouts.Open(root, "masks"), LabelLayouts.Open(root, "coco-panoptic"));
        Assert.AreEqual((200, 200), (masks.Count, panoptic.Count));
        var places = Enumerable.Range(0, 200).ToDictionary(panoptic.NameOf);
        for (int i = 0; i < 200; i += 4)
        {
            ushort[] a = masks.Read(i).Planes.Single().Labels, b = panoptic.Read(places[masks.NameOf(i)]).Planes.Single().Labels;
            for (int p = 0; p < a.Length; p++)
            {
                Assert.AreEqual(NameOf(masks, a[p]), NameOf(panoptic, b[p]), masks.NameOf(i));
            }
        }
    }

    [TestMethod]
    public void Outlines_ThatAreExact_AgreeWithTheMasks()
    {
        string root = SharedFolder.Find("data/coco128");
        LabelSet masks = LabelLayouts.Open(root, "masks");
        double[] centre = Agreement(root, masks, PolygonRule.Centre), edge = Agreement(root, masks, PolygonRule.Edge);
        Assert.IsGreaterThan(MostExact, centre.Length);
        Assert.IsGreaterThanOrEqualTo(0.98, centre.Order().ElementAt(centre.Length / 2));
        Assert.IsGreaterThan(edge.Average(), centre.Average(), "these outlines were traced through pixels' centres");
    }

    private const int MostExact = 100;

    /// <summary>Of each class of each image its pixels' intersection over union.</summary>
    private static double[] Agreement(string root, LabelSet masks, PolygonRule rule)
    {
        LabelSet outlines = LabelLayouts.Open(root, "yolo-seg", new LabelOptions { Polygons = rule });
        var places = Enumerable.Range(0, outlines.Count).ToDictionary(outlines.NameOf);
        var found = new List<double>();
        for (int i = 0; i < masks.Count; i += 4)
        {
            ushort[] mask = masks.Read(i).Planes.Single().Labels;
            LabelledImage outline = outlines.Read(places[masks.NameOf(i)]);
            for (int c = 0; c < outlines.Concepts.Length; c++)
            {
                int own = masks.Concepts.IndexOf(outlines.Concepts[c]) + 1;
                (int both, int either) = (0, 0);
                for (int p = 0; own > 0 && p < mask.Length; p++)
                {
                    (bool a, bool b) = (mask[p] == own, outline.Planes.Any(l => l.Labels[p] == c + 1));
                    (both, either) = (both + (a && b ? 1 : 0), either + (a || b ? 1 : 0));
                }

                if (either > 0)
                {
                    found.Add((double)both / either);
                }
            }
        }

        return [.. found];
    }

    private static string NameOf(LabelSet set, ushort label) => label is 0 ? "" : set.Concepts[label - 1].Name;
}
