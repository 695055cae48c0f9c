using Interp.Engine.Common;
using Interp.Engine.LabelSets;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>Images that lie in another folder than their labels.</summary>
[TestClass]
public sealed class LabelImagesTests
{
    private const string Coco = """
        {"images": [{"id": 1, "file_name": "a.png", "width": 8, "height": 6}],
         "annotations": [{"image_id": 1, "category_id": 3, "bbox": [0, 0, 8, 6], "segmentation": [[0, 0, 4, 0, 4, 6, 0, 6]]}],
         "categories": [{"id": 3, "name": "cat"}]}
        """;

    /// <summary>Each layout: its labels, and where the image of the first lies in the folder that is given apart.</summary>
    [TestMethod]
    [DataRow("masks", "a.png")]
    [DataRow("masks", "deep/a.png")]
    [DataRow("configured", "train2017/a.png")]
    [DataRow("configured", "a.png")]
    [DataRow("voc", "a.jpg")]
    [DataRow("ade", "training/a.jpg")]
    [DataRow("cityscapes", "train/bonn/a_leftImg8bit.png")]
    [DataRow("camvid", "a.png")]
    [DataRow("coco", "val2017/a.png")]
    [DataRow("coco", "a.png")]
    [DataRow("yolo-seg", "a.jpg")]
    [DataRow("labelme", "some/where/a.png")]
    public void Open_WithImagesApart_FindsThem(string layout, string image)
    {
        using var labels = new LabelFixture();
        using var images = new LabelFixture();
        Write(layout, labels, LabelFolderOf(image));
        images.Photo(image).Text("a.txt", "not read").Text("b.json", "not read");

        LabelSet set = LabelLayouts.Open(labels.Root, null, new LabelOptions { Images = images.Root });

        Assert.AreEqual(layout == "configured" ? "masks" : layout, set.Layout);
        Assert.AreEqual(1, set.Count);
        LabelledImage read = set.Read(0);
        Assert.AreEqual((8, 6), (read.Image.Width, read.Image.Height));
        Assert.IsTrue(read.Planes[0].Labels.Any(l => l is > 0 and < LabelPlane.Void));
        string[] files = [.. set.Files];
        Assert.IsTrue(files.All(File.Exists), string.Join(' ', files));
        CollectionAssert.AreEqual(
            (string[])[Path.Combine(images.Root, image)], files.Where(f => f.StartsWith(images.Root, StringComparison.Ordinal)).ToArray());
    }

    [TestMethod]
    public void Open_WithImagesInBothFolders_TakesThoseGivenApart()
    {
        using var labels = new LabelFixture();
        using var images = new LabelFixture();
        Write("coco", labels, "");
        labels.Photo("val2017/a.png", 5, 5);
        images.Photo("val2017/a.png");

        Assert.AreEqual(8, LabelLayouts.Open(labels.Root, null, new LabelOptions { Images = images.Root }).Read(0).Image.Width);
    }

    [TestMethod]
    public void Open_ANameThatLeadsOutOfBothFolders_ReadsNothingThere()
    {
        using var labels = new LabelFixture();
        using var images = new LabelFixture();
        labels.Text("instances_val2017.json", Coco.Replace("a.png", "../secret.png", StringComparison.Ordinal));
        images.Photo("secret.png").Photo("inner/b.png");

        LabelSet set = LabelLayouts.Open(labels.Root, null, new LabelOptions { Images = Path.Combine(images.Root, "inner") });

        StringAssert.Contains(Assert.ThrowsExactly<InputException>(() => set.Read(0)).Message, "nor in");
    }

    [TestMethod]
    public void Open_ImagesThatCannotBe_AreRefusedInOneLine()
    {
        using var labels = new LabelFixture();
        using var folder = new TemporaryFolder();
        labels.Photo("red/a.png").Photo("blue/b.png");
        Refused("patterns", null, labels.Root, "leave it out");
        Refused(labels.Root, "folders", labels.Root, "leave it out");
        Refused(labels.Root, null, folder["none"], "no such file or folder");
        Refused(labels.Root, null, folder.Root, "no image");

        static void Refused(string path, string? layout, string images, string part)
        {
            var options = new LabelOptions { Images = images };
            StringAssert.Contains(
                Assert.ThrowsExactly<InputException>(() => LabelLayouts.Open(path, layout, options)).Message, part);
        }
    }

    private static string LabelFolderOf(string image) => image.LastIndexOf('/') is var at and >= 0 ? image[..(at + 1)] : "";

    /// <summary>The labels of one image, 8 by 6 pixels.</summary>
    private static void Write(string layout, LabelFixture set, string inner) => _ = layout switch
    {
        "masks" => set.Text("classes.txt", "0 background\n1 sky\n").Mask($"masks/{inner}a.png", 8, 6, (x, _) => x < 4 ? 1 : 0),
        "configured" => set.Text("config.yaml", "train:\n  images: ../images/train2017\n  masks: masks/train2017\nclasses:\n  1: sky\n")
            .Mask("masks/train2017/a.png", 8, 6, (x, _) => x < 4 ? 1 : 0),
        "voc" => set.Mask("VOC2012/SegmentationClass/a.png", 8, 6, (x, _) => x < 4 ? 8 : 0, palette: new byte[768]),
        "ade" => set.Text("objectInfo150.txt", "Idx\tRatio\tTrain\tVal\tStuff\tName\n1\t0.1\t1\t1\t0\twall\n")
            .Mask("annotations/training/a.png", 8, 6, (_, _) => 1),
        "cityscapes" => set.Mask("gtFine/train/bonn/a_gtFine_labelIds.png", 8, 6, (_, _) => 7),
        "camvid" => set.Mask("trainannot/a.png", 8, 6, (_, _) => 3),
        "coco" => set.Text("annotations/instances_val2017.json", Coco),
        "yolo-seg" => set.Text("classes.txt", "cat\n").Text("labels/a.txt", "0 0 0 0.5 0 0.5 1 0 1\n"),
        "labelme" => set.Text("a.json", """
            {"version": "5.0", "imagePath": "..\\a.png", "imageWidth": 8, "imageHeight": 6, "shapes":
             [{"label": "cat", "shape_type": "polygon", "points": [[0, 0], [4, 0], [4, 6], [0, 6]]}]}
            """),
        _ => throw new ArgumentException(layout),
    };
}
