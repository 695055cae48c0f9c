using Interp.Engine.Common;
using Interp.Engine.LabelSets;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>What real tools write, and how readers lose it: COCO's family and what belongs to all layouts.</summary>
[TestClass]
public sealed class LabelTrapTests
{
    private const string Box = "[[1,1,5,1,5,4,1,4]]";

    [TestMethod]
    public void Polygons_TracedThroughPixelCentres_NeedTheOtherRuleWhichIsOffered()
    {
        using LabelFixture set = Coco("{\"image_id\":1,\"category_id\":3,\"segmentation\":[[1,1,5,1,5,4,1,4]]}");
        Assert.AreEqual(12, LabelFixture.Count(set.Open())["cat"]);
        Assert.AreEqual(20, LabelFixture.Count(set.Open(rule: PolygonRule.Centre))["cat"]);
    }

    [TestMethod]
    public void Crowds_AreReadAndCounted()
    {
        const string Runs = "{\"size\":[6,8],\"counts\":[0,10,38]}";
        using LabelFixture set = Coco($"{{\"image_id\":1,\"category_id\":3,\"iscrowd\":1,\"segmentation\":{Runs}}}");
        LabelSet read = set.Open();
        Assert.AreEqual(10, LabelFixture.Count(read)["cat"]);
        Assert.Contains("1 of 1 annotations say iscrowd", string.Join('\n', read.Remarks));
    }

    [TestMethod]
    [DataRow("images/a.jpg", "annotations/instances_val2017.json")]
    [DataRow("val2017/a.jpg", "annotations/instances_val2017.json")]
    [DataRow("images/val2017/a.jpg", "annotations/instances_val2017.json")]
    [DataRow("train/a.jpg", "train/_annotations.coco.json")]
    [DataRow("a.jpg", "labels.json")]
    public void Coco_WhereverImagesLie_CategoryNumbersHaveGapsAndAnnotationNumbersRepeat(string photo, string json)
    {
        string annotations = string.Join(',', Enumerable.Range(0, 3).Select(
            i => $"{{\"id\":1,\"image_id\":1,\"category_id\":{(i == 2 ? 90 : 3)},\"segmentation\":"
                + $"[[{2 * i},0,{(2 * i) + 2},0,{(2 * i) + 2},6,{2 * i},6]]}}"));
        using LabelFixture set = Coco(annotations, photo, json);
        LabelSet read = set.Open();
        Assert.AreEqual("coco", read.Layout);
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((24, 12), (found["cat"], found["mat"]));
        Assert.Contains("2 annotations have the number of another", string.Join('\n', read.Remarks));
    }

    [TestMethod]
    public void Coco_OverlappingObjects_KeepAllTheirPixels()
    {
        using LabelFixture set = Coco(
            $"{{\"image_id\":1,\"category_id\":3,\"segmentation\":{Box}}},{{\"image_id\":1,\"category_id\":90,\"segmentation\":{Box}}}");
        LabelSet read = set.Open();
        Assert.HasCount(2, read.Read(0).Planes);
        Assert.AreEqual((12, 12), (LabelFixture.Count(read)["cat"], LabelFixture.Count(read)["mat"]));
    }

    [TestMethod]
    [DataRow("{\"size\":[6,8],\"counts\":\"0o\"}", "cut off or damaged")]
    [DataRow("{\"size\":[6,8],\"counts\":[0,47]}", "the runs have 47 pixels, the image 48")]
    [DataRow("{\"size\":[8,6],\"counts\":[0,48]}", "never scaled")]
    [DataRow("[[NaN,1,5,1,5,4]]", "a coordinate that is no number")]
    [DataRow("[[Infinity,1,5,1,5,4]]", "a coordinate that is no number")]
    [DataRow("[[1,-Infinity,5,1,5,4]]", "a coordinate that is no number")]
    [DataRow("[[1e300,1,5,1,5,4]]", "a coordinate that is no number")]
    [DataRow("[[1,1,5,1]]", "at least three vertices")]
    public void Coco_DamagedMask_CostsItsImageAlone(string mask, string part)
    {
        using LabelFixture set = Coco(
            $"{{\"image_id\":1,\"category_id\":3,\"segmentation\":{mask}}},{{\"image_id\":2,\"category_id\":3,\"segmentation\":{Box}}}");
        LabelSet read = set.Photo("images/b.jpg").Open();
        Assert.Contains(part, Assert.ThrowsExactly<InputException>(() => read.Read(0)).Message);
        Assert.AreEqual(12, LabelFixture.Count(read, 1)["cat"]);
    }

    [TestMethod]
    public void Panoptic_SegmentsGetTheirCategories_AndZeroIsNoLabel()
    {
        using var set = new LabelFixture();
        set.Photo("images/a.jpg").Colors("annotations/panoptic_val.png/x", 1, 1, (_, _) => 0);
        set.Colors("annotations/panoptic_val/a.png", 8, 6, (x, y) => y == 0 ? 0 : x < 4 ? 0x010203 : 0x0A0000);
        set.Text("annotations/panoptic_val.json", """
            {"images":[{"id":5,"file_name":"a.jpg","width":8,"height":6}],"annotations":[{"image_id":5,"file_name":"a.png","segments_info":
            [{"id":197121,"category_id":7,"iscrowd":0}]}],"categories":[{"id":7,"name":"sky","isthing":0}]}
            """);
        LabelSet read = set.Open();
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((20, 8, 20), (found["sky"], found["-"], found["?"]), "a segment that is not listed is unknown");
        Assert.Contains("the segment 10 (20 pixels)", read.Read(0).Remark!);
    }

    [TestMethod]
    public void Names_InBothSpellings_GivenTwice_AndWithPathsInThem_StayApartAndHarmless()
    {
        using var set = new LabelFixture();
        set.Photo("images/Ba\u0308r.jpg").Mask("masks/B\u00e4r.png", 8, 6, (x, _) => x);
        set.Text("classes.txt", "0: background\n1:   Ba\u0308r\n2: B\u00e4r\n3: ../../x\n4: a/b\n5: C:\\x\n6: \u0007bell\n7: void\n");
        LabelSet read = set.Open();
        CollectionAssert.AreEqual(
            (string[])["B\u00e4r", "B\u00e4r (number 2)", "../../x", "a/b", "C:\\x", "bell"], read.Concepts.Select(c => c.Name).ToArray());
        Assert.Contains("the name 'B\u00e4r' is given twice", string.Join('\n', read.Remarks));
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((6, 6, 6, 6), (found["-"], found["B\u00e4r"], found["B\u00e4r (number 2)"], found["?"]));
    }

    [TestMethod]
    [DataRow("cat", 24, 24, 0)]
    [DataRow("background", 0, 24, 24)]
    public void Yolo_OutlinesAndBoxesOfWhatIsUnknown_AreLeftOut(string first, int cat, int unknown, int none)
    {
        using var set = new LabelFixture();
        set.Photo("images/a.jpg").Text("data.yaml", $"names: [{first}, ignore]\n");
        set.Text("labels/a.txt", "0 0 0 0.5 0 0.5 1 0 1\n1 0.5 0 1 0 1 1 0.5 1\n1 0.75 0.5 0.5 1\n");
        Dictionary<string, int> found = LabelFixture.Count(set.Open());
        Assert.AreEqual((cat, unknown, none), (found.GetValueOrDefault("cat"), found["?"], found.GetValueOrDefault("-")));
    }

    [TestMethod]
    public void Names_ThatLeadOutOfTheFolder_AreLookedForInItAlone()
    {
        using var outside = new LabelFixture();
        outside.Photo("secret.jpg");
        using LabelFixture set = Coco($"{{\"image_id\":1,\"category_id\":3,\"segmentation\":{Box}}}",
            name: Path.Combine(outside.Root, "secret.jpg").Replace("\\", "\\\\", StringComparison.Ordinal));
        Assert.Contains("is not in the folder", Assert.ThrowsExactly<InputException>(() => set.Open().Read(0)).Message);
        set.Photo("elsewhere/secret.jpg");
        Assert.AreEqual("elsewhere/secret.jpg", set.Open().NameOf(0));
    }

    [TestMethod]
    public void Masks_ThatDoNotFit_CostTheirImagesAlone()
    {
        using var set = new LabelFixture();
        set.Text("classes.txt", "0 background\n1 sky\n40000 rare\n");
        foreach (string name in (string[])["good", "swapped", "small", "beyond", "wide", "nomask", "jpeg", "damaged"])
        {
            set.Photo($"images/{name}.png");
        }

        set.Mask("masks/good.png", 8, 6, (x, _) => x / 4).Mask("masks/swapped.png", 6, 8, (_, _) => 1);
        set.Mask("masks/small.png", 4, 3, (_, _) => 1);
        set.Mask("masks/beyond.png", 8, 6, (x, _) => x == 0 ? 7 : 1).Mask("masks/wide.png", 8, 6, (x, _) => x < 2 ? 40000 : 0, bits: 16);
        set.Mask("masks/nophoto.png", 8, 6, (_, _) => 1).Bytes("masks/jpeg.png", [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]);
        set.Bytes("masks/damaged.png", [.. File.ReadAllBytes(Path.Combine(set.Root, "masks/good.png"))[..60]]);
        LabelSet read = set.Open();
        string[] names = [.. Enumerable.Range(0, read.Count).Select(read.NameOf)];
        Assert.AreEqual((24, 24), (LabelFixture.Count(read, At("good"))["sky"], LabelFixture.Count(read, At("good"))["-"]));
        Assert.AreEqual(12, LabelFixture.Count(read, At("wide"))["rare"]);
        Assert.AreEqual((6, 42), (LabelFixture.Count(read, At("beyond"))["?"], LabelFixture.Count(read, At("beyond"))["sky"]));
        Assert.Contains("the number 7 (6 pixels)", read.Read(At("beyond")).Remark!);
        Refused("swapped", "sides swapped");
        Refused("small", "never scaled");
        Refused("nophoto", "has no image in");
        Refused("jpeg", "a JPEG cannot be a mask");
        Refused("damaged", "cannot be decoded");
        Assert.Contains("1 of 8 images have no mask and are left out: images/nomask.png", string.Join('\n', read.Remarks));

        int At(string name) => Array.FindIndex(names, n => n.Contains(name, StringComparison.Ordinal));

        void Refused(string name, string part)
        {
            string message = Assert.ThrowsExactly<InputException>(() => read.Read(At(name))).Message;
            Assert.Contains(part, message);
            Assert.Contains(name, message);
            Assert.DoesNotContain("\n", message);
        }
    }

    [TestMethod]
    public void Masks_OfColours_UnknownOnesAreNamedAndTransparentOnesHaveNoLabel()
    {
        using var set = new LabelFixture();
        set.Text("classes.tsv", "id\tname\tr\tg\tb\tcategory\n1\tsky\t0\t0\t255\tobject\n2\tred\t255\t0\t0\tcolor\n");
        set.Photo("images/a.png").Colors(
            "masks/a.png", 8, 6, (x, _) => x < 3 ? 0xFF0000FF : x < 5 ? 0xFFFF0000 : x < 6 ? 0xFF010203 : 0, alpha: true);
        LabelSet read = set.Open();
        CollectionAssert.AreEqual((string[])["object", "color"], read.Categories.ToArray());
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((18, 12, 6), (found["sky"], found["red"], found["?"]));
        Assert.Contains("the colour 1,2,3 (6 pixels)", read.Read(0).Remark!);
    }

    private static LabelFixture Coco(
        string annotations, string photo = "images/a.jpg", string json = "annotations/instances_val2017.json", string name = "a.jpg")
    {
        var set = new LabelFixture();
        set.Photo(photo);
        return set.Text(json, $$"""
            {"info":{},"images":[{"id":1,"file_name":"{{name}}","width":8,"height":6},{"id":2,"file_name":"b.jpg","width":8,"height":6}],
            "annotations":[{{annotations}}],"categories":[{"id":90,"name":"mat"},{"id":3,"name":"cat"}]}
            """);
    }
}
