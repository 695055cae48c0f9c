using Interp.Engine.Common;
using Interp.Engine.LabelSets;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>Each layout in the forms in which tools write it, small.</summary>
[TestClass]
public sealed class LabelLayoutTests
{
    private static readonly byte[] s_palette = [.. Enumerable.Range(0, 768).Select(i => (byte)(i * 7))];

    [TestMethod]
    public void Folders_WithAndWithoutCategory_LabelWholeImages()
    {
        using var set = new LabelFixture();
        set.Photo("texture/striped/a.png").Photo("texture/dotted/b.png").Photo("color/red/c.png");
        LabelSet read = set.Open();
        Assert.AreEqual(("folders", 3), (read.Layout, read.Count));
        CollectionAssert.AreEqual(
            (Concept[])[new("red", "color"), new("dotted", "texture"), new("striped", "texture")], read.Concepts.ToArray());
        LabelPlane plane = read.Read(2).Planes.Single();
        Assert.IsTrue(plane.IsWhole);
        Assert.AreEqual(("texture", 3), (plane.Category, plane.Labels[0]));
    }

    [TestMethod]
    public void Voc_PaletteNumbersWithUnknownBorder()
    {
        using var set = new LabelFixture();
        set.Photo("VOC2012/JPEGImages/a.jpg").Photo("VOC2012/JPEGImages/b.jpg");
        set.Mask("VOC2012/SegmentationClass/a.png", 8, 6, (x, y) => y == 0 ? 255 : x < 2 ? 8 : 0, palette: s_palette);
        LabelSet read = set.Open();
        Assert.AreEqual(("voc", 1, 20), (read.Layout, read.Count, read.Concepts.Length));
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((10, 8, 30), (found["cat"], found["?"], found["-"]));
    }

    [TestMethod]
    public void Voc_ColoursOfALabelMap_UnknownOnesAreNamed()
    {
        using var set = new LabelFixture();
        set.Photo("JPEGImages/a.jpg").Text("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\nmy cat:10,20,30::\n");
        set.Colors("SegmentationClass/a.png", 8, 6, (x, _) => x < 3 ? 0x0A141E : x == 3 ? 0x0A141F : x == 4 ? 0xE0E0C0 : 0);
        LabelSet read = set.Open();
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((18, 12, 18), (found["my cat"], found["?"], found["-"]), "one unknown colour, and VOC's border");
        Assert.Contains("the colour 10,20,31 (6 pixels)", read.Read(0).Remark!);
    }

    [TestMethod]
    [DataRow("labelIds", 26, 3)]
    [DataRow("instanceIds", 26003, 3)]
    [DataRow("labelTrainIds", 13, 255)]
    public void Cityscapes_ObjectsWithAndWithoutNumbers_AreCars(string kind, int car, int ignored)
    {
        using var set = new LabelFixture();
        set.Photo("leftImg8bit/val/ulm/ulm_000_leftImg8bit.png");
        set.Mask($"gtFine/val/ulm/ulm_000_gtFine_{kind}.png", 8, 6, (x, y) => y == 0 ? ignored : x < 4 ? car : 0, bits: 16);
        LabelSet read = set.Open();
        Assert.AreEqual(("cityscapes", 30), (read.Layout, read.Concepts.Length));
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual(20, found["car"]);
        Assert.AreEqual(8, found["?"]);
    }

    [TestMethod]
    public void CamVid_SegNetsNumbers_ZeroIsSkyAndElevenUnknown()
    {
        using var set = new LabelFixture();
        set.Photo("train/a.png").Mask("trainannot/a.png", 8, 6, (x, _) => x < 3 ? 0 : x < 5 ? 11 : 8);
        LabelSet read = set.Open();
        Assert.AreEqual(("camvid", 11), (read.Layout, read.Concepts.Length));
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((18, 12, 18), (found["sky"], found["?"], found["car"]));
    }

    [TestMethod]
    public void CamVid_Colours_NamesHoldSpacesAndMasksEndInL()
    {
        using var set = new LabelFixture();
        set.Text("label_colors.txt", "64 128 64\tAnimal\n128 0 0\tTall Building\n0 0 0\tVoid\n").Photo("images/0001.png");
        set.Colors("labels/0001_L.png", 8, 6, (x, _) => x < 3 ? 0x800000 : x < 5 ? 0x408040 : 0);
        LabelSet read = set.Open();
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((18, 12, 18), (found["Tall Building"], found["Animal"], found["?"]));
    }

    [TestMethod]
    public void Ade_ChallengesNumbers_NamesLoseTheirTrailingSpaces()
    {
        using var set = new LabelFixture();
        set.Photo("images/training/a.jpg").Mask("annotations/training/a.png", 8, 6, (x, _) => x < 5 ? 2 : 0);
        set.Text(
            "objectInfo150.txt",
            "Idx\tRatio\tTrain\tVal\tStuff\tName\n1\t0.1\t1\t1\t1\twall  \n2\t0.1\t1\t1\t1\tbuilding, edifice \n");
        LabelSet read = set.Open();
        Assert.AreEqual(30, LabelFixture.Count(read)["building, edifice"]);
        Assert.AreEqual(18, LabelFixture.Count(read)["-"]);
    }

    [TestMethod]
    public void Ade_FullSet_NamesOfBothYears()
    {
        // Class 300 is R 10, G 44; class 5 is R 0, G 5. Objects are told apart by B: ranks 0 for none, then 1, 2.
        static long Pixel(int x) => x < 3 ? 0x0A2C50 : x < 6 ? 0x0005A0 : 0;
        using var old = new LabelFixture();
        old.Photo("a.jpg").Colors("a_seg.png", 8, 6, (x, _) => Pixel(x));
        old.Text("a_atr.txt", """
            001 # 0 # 0 # door, doorway # door # ""
            002 # 0 # 0 # wall # wall # ""
            003 # 1 # 0 # knob # knob # ""
            """);
        using var recent = new LabelFixture();
        recent.Photo("a.jpg").Colors("a_seg.png", 8, 6, (x, _) => Pixel(x)).Text("a.json", """
            {"annotation":{"object":[{"id":0,"name":"door, doorway","name_ndx":300,"parts":{"part_level":0}},
            {"id":1,"name":"wall","name_ndx":5,"parts":{"part_level":0}},{"id":2,"name":"knob","name_ndx":9,"parts":{"part_level":1}}]}}
            """);
        foreach (LabelFixture set in (LabelFixture[])[old, recent])
        {
            LabelSet read = set.Open();
            Assert.AreEqual(("ade", 2), (read.Layout, read.Concepts.Length));
            Dictionary<string, int> found = LabelFixture.Count(read);
            Assert.AreEqual((18, 18, 12), (found["door, doorway"], found["wall"], found["-"]));
        }
    }

    [TestMethod]
    public void LabelMe_AllShapes_ImagesBesideOrInside_WindowsPaths()
    {
        using var set = new LabelFixture();
        byte[] photo = LabelFixture.Png(8, 6, 2, 8, (_, _) => [1, 2, 3]);
        string mask = Convert.ToBase64String(LabelFixture.Png(2, 3, 0, 8, (x, _) => [x]));
        set.Photo("pics/a.png").Text("a.json", $$"""
            {"version":"5","flags":{},"shapes":[
            {"label":"box","points":[[0,0],[2,3]],"shape_type":"rectangle"},
            {"label":"poly","points":[[3,0],[6,0],[6,2],[3,2]]},
            {"label":"disc","points":[[4,4],[5,4]],"shape_type":"circle"},
            {"label":"bits","points":[[6,3],[7,5]],"shape_type":"mask","mask":"{{mask}}"},
            {"label":"box","points":[[0,0],[1,1]],"shape_type":"line"}],
            "imagePath":"..\\pics\\a.png","imageData":null,"imageHeight":6,"imageWidth":8}
            """);
        set.Text("b.json", $$"""
            {"shapes":[{"label":"box","points":[[0,0],[2,3]],"shape_type":"rectangle"}],"imagePath":"b.png",
            "imageData":"{{Convert.ToBase64String(photo)}}"}
            """);
        set.Text("c.json", """{"shapes":[{"label":"box","points":[[NaN,0],[2,3]],"shape_type":"rectangle"}],"imagePath":"pics/a.png"}""");
        set.Text("d.json", """{"shapes":[],"imagePath":"d.png","imageData":null}""");
        LabelSet read = set.Open();
        Assert.AreEqual(("labelme", 4), (read.Layout, read.Count));
        Dictionary<string, int> found = LabelFixture.Count(read);
        Assert.AreEqual((6, 6, 4, 3), (found["box"], found["poly"], found["disc"], found["bits"]));
        Assert.Contains("1 lines and points have no area", read.Read(0).Remark!);
        Assert.AreEqual(6, LabelFixture.Count(read, 1)["box"]);
        Assert.Contains("no number", Assert.ThrowsExactly<InputException>(() => read.Read(2)).Message);
        Assert.Contains("is not in the folder, nor in the file", Assert.ThrowsExactly<InputException>(() => read.Read(3)).Message);
    }

    [TestMethod]
    [DataRow("data.yaml", "path: .\ntrain: images/train\nnc: 2\nnames: ['cat', \"tall mat\"]\n")]
    [DataRow("data.yaml", "names:\n  0: cat\n  1: 'tall mat'  # second\n")]
    [DataRow("data.yaml", "names: [cat,\n  tall mat]\n")]
    [DataRow("dataset.yml", "names:\n- cat\n- tall mat\n")]
    [DataRow("classes.txt", "cat\ntall mat\n")]
    public void Yolo_BoxesAreNoOutlines_AndABadLineCostsItsImageAlone(string list, string names)
    {
        using var set = new LabelFixture();
        set.Text(list, names);
        foreach (string name in (string[])["good", "box", "bad", "empty", "beyond", "pixels"])
        {
            set.Photo($"images/train/{name}.jpg");
        }

        set.Text("labels/train/good.txt", "1 0.125 0.1666667 0.625 0.1666667 0.625 0.6666667 0.125 0.6666667\r\n\r\n");
        set.Text("labels/train/box.txt", "0 0.5 0.5 0.5 0.5\n").Text("labels/train/bad.txt", "0 0.1 0.1 0.5 x 0.2 0.2\n");
        set.Text("labels/train/empty.txt", "").Text("labels/train/beyond.txt", "9 0 0 1 0 1 1\n");
        set.Text("labels/train/pixels.txt", "0 5 5 6 5 6 6\n");
        LabelSet read = set.Open();
        Assert.AreEqual(("yolo-seg", 6), (read.Layout, read.Count));
        string[] order = [.. Enumerable.Range(0, 6).Select(i => Path.GetFileNameWithoutExtension(read.NameOf(i)))];
        Assert.AreEqual(12, LabelFixture.Count(read, Array.IndexOf(order, "good"))["tall mat"]);
        Dictionary<string, int> box = LabelFixture.Count(read, Array.IndexOf(order, "box"));
        Assert.AreEqual((16, 32), (box["?"], box["-"]), "4 columns, and the 4 rows that the box of 1.5 to 4.5 touches");
        Assert.Contains("boxes", read.Read(Array.IndexOf(order, "box")).Remark!);
        Assert.AreEqual(48, LabelFixture.Count(read, Array.IndexOf(order, "empty"))["-"]);
        (string Name, string Part)[] refused = [("bad", "line 1: 'x'"), ("beyond", "the class 9"), ("pixels", "share of the")];
        foreach ((string name, string part) in refused)
        {
            Assert.Contains(part, Assert.ThrowsExactly<InputException>(() => read.Read(Array.IndexOf(order, name))).Message);
        }
    }

    [TestMethod]
    public void Broden_PlanesOfHalfTheSize_SeveralOfACategory_AndWholeImages()
    {
        using var set = new LabelFixture();
        set.Photo("images/x/a.jpg").Colors("images/x/a_color.png", 4, 3, (x, _) => x < 2 ? 0x010000 : 0);
        set.Colors("images/x/a_object.png", 4, 3, (_, y) => y == 0 ? 0x000100 : 0).Colors("images/x/a_more.png", 4, 3, (_, _) => 0x020100);
        set.Text("index.csv", """
            image,split,ih,iw,sh,sw,color,object,scene
            x/a.jpg,train,6,8,3,4,x/a_color.png,x/a_object.png;x/a_more.png,3
            """);
        set.Text("label.csv", """
            number,name,category,syns
            1,black-c,color(1),
            256,door,object(1);part(2),"a,b"
            258,lock,object(1),
            3,street,scene(1),
            """);
        set.Text("category.csv", "name,first\n");
        LabelSet read = set.Open();
        CollectionAssert.AreEqual(
            (Concept[])[new("black-c", "color"), new("door", "object"), new("lock", "object"), new("street", "scene")],
            read.Concepts.ToArray());
        LabelledImage image = read.Read(0);
        Assert.HasCount(4, image.Planes);
        LabelSurvey survey = LabelSurvey.Of(read);
        CollectionAssert.AreEqual((long[])[24, 16, 48, 48], survey.Concepts.Select(c => c.Pixels).ToArray());
        Assert.AreEqual((0L, 48L), (survey.Unlabelled, survey.Pixels));
    }

    [TestMethod]
    public void Masks_ConfigurationNamesFoldersInsideAndOutside()
    {
        using var set = new LabelFixture();
        set.Photo("images/val/a.jpg").Mask("sem/masks/val/a.png", 8, 6, (_, _) => 5);
        set.Text("sem/config.yaml", "val:\n  images: ../images/val\n  masks: masks/val\nclasses:\n  0: unlabeled\n  5: sky\n");
        Assert.AreEqual(48, LabelFixture.Count(set.Open())["sky"]);
        string inner = Path.Combine(set.Root, "sem");
        Assert.Contains("outside of", Assert.ThrowsExactly<InputException>(() => LabelLayouts.Open(inner)).Message);
    }

    [TestMethod]
    [DataRow("classes.json", "{\"0\":\"none\",\"1\":\"sky\"}")]
    [DataRow("classes.json", "[\"background\",\"sky\"]")]
    [DataRow("classes.json", "{\"classes\":[{\"id\":1,\"name\":\"sky\",\"category\":\"material\"}]}")]
    [DataRow("classes.json", "{\"background\":0,\"sky\":1}")]
    [DataRow("classes.txt", "__ignore__\n_background_\nsky\n")]
    [DataRow("classes.csv", "number,name\n1,sky\n")]
    [DataRow("labels.txt", "background\nsky\n")]
    public void Masks_ListsOfAllForms(string file, string text)
    {
        using var set = new LabelFixture();
        set.Photo("images/a.jpg").Mask("masks/a_mask.png", 8, 6, (x, _) => x < 3 ? 1 : x < 5 ? 255 : 0).Text(file, text);
        Dictionary<string, int> found = LabelFixture.Count(set.Open());
        Assert.AreEqual((18, 12, 18), (found["sky"], found["?"], found["-"]));
    }

    [TestMethod]
    public void Open_NothingOrSeveralLayouts_SaysWhatToDo()
    {
        using var set = new LabelFixture();
        set.Photo("a.jpg");
        Assert.Contains("no label layout is recognised", Assert.ThrowsExactly<InputException>(() => set.Open()).Message);
        set.Photo("JPEGImages/a.jpg").Mask("SegmentationClass/a.png", 8, 6, (_, _) => 1);
        set.Photo("train/a.jpg").Mask("trainannot/a.png", 8, 6, (_, _) => 1);
        string message = Assert.ThrowsExactly<InputException>(() => set.Open()).Message;
        Assert.Contains("voc (", message);
        Assert.Contains("camvid (", message);
        Assert.AreEqual("camvid", set.Open("camvid").Layout);
        Assert.Contains("unknown label layout", Assert.ThrowsExactly<InputException>(() => set.Open("x")).Message);
        Assert.AreEqual("patterns", LabelLayouts.Open("patterns").Layout);
    }

    [TestMethod]
    public void Read_FromSeveralThreads_GivesTheSame()
    {
        using var set = new LabelFixture();
        set.Text("classes.txt", "0 none\n1 sky\n");
        for (int i = 0; i < 40; i++)
        {
            int n = i;
            set.Photo($"images/{i}.png").Mask($"masks/{i}.png", 8, 6, (x, y) => (x + (y * n)) % 3 == 0 ? 1 : 0);
        }

        LabelSet read = set.Open();
        LabelSurvey one = LabelSurvey.Of(read), many = LabelSurvey.Of(read, threads: 7);
        Assert.AreEqual(40, many.Images);
        CollectionAssert.AreEqual(one.Concepts, many.Concepts);
        Assert.AreEqual(one.Unlabelled, many.Unlabelled);
    }
}
