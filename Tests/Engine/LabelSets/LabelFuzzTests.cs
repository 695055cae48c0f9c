using System.Globalization;
using System.Text;
using Interp.Engine.Common;
using Interp.Engine.LabelSets;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>
/// Damaged label files of every kind are read or refused in one line each, and nothing else happens. INTERP_LABEL_MUTANTS says how many of
/// each kind; without it few.
/// </summary>
[TestClass]
public sealed class LabelFuzzTests
{
    private const int Few = 150;

    private const string Ade = """{"annotation":{"object":[{"name":"door","name_ndx":300,"parts":{"part_level":0}}]}}""";

    private const string Coco = """
        {"images":[{"id":1,"file_name":"a.png","width":8,"height":6}],"annotations":[
        {"image_id":1,"category_id":3,"iscrowd":0,"segmentation":[[1,1,5,1,5,4,1,4]]},
        {"image_id":1,"category_id":3,"segmentation":{"size":[6,8],"counts":"0`1"}},
        {"image_id":1,"category_id":3,"segmentation":{"size":[6,8],"counts":[0,10,38]}}],"categories":[{"id":3,"name":"cat"}]}
        """;

    private const string Panoptic = """
        {"images":[{"id":1,"file_name":"images/a.png"}],"annotations":[{"image_id":1,"file_name":"a.png",
        "segments_info":[{"id":1,"category_id":3}]}],"categories":[{"id":3,"name":"cat"}]}
        """;

    private const string LabelMe = """
        {"shapes":[{"label":"box","points":[[0,0],[2,3]],"shape_type":"rectangle"},{"label":"disc","points":[[4,4],[5,4]],
        "shape_type":"circle"},{"label":"p","points":[[3,0],[6,0],[6,2]]}],"imagePath":"images\\a.png","imageHeight":6,"imageWidth":8}
        """;

    private static readonly string[] s_tokens =
    [
        "NaN", "-Infinity", "1e999", "-1", "99999999999999999999", "65536", "[[", "]", "{", "\"", "null", "../", "\t", ";", ":",
        "#", ",", "\n",
        "\u0000", "\ud83d\ude00", "0.5",
    ];

    private static readonly (string File, Action<LabelFixture> Make)[] s_kinds =
    [
        ("masks/a.png", s => s.Text("classes.txt", "0 none\n1 sky\n2 sea\n").Mask("masks/a.png", 8, 6, (x, y) => x * y % 3)),
        ("masks/a.png",
            s => s.Text("classes.tsv", "1\tsky\t1\t2\t3\n").Colors("masks/a.png", 8, 6, (x, _) => x < 3 ? 0xFF010203 : 0, alpha: true)),
        ("classes.txt", s => s.Text("classes.txt", "0 none\n1 sky\n").Mask("masks/a.png", 8, 6, (x, _) => x & 1)),
        ("classes.json",
            s => s.Text("classes.json", "{\"classes\":[{\"id\":1,\"name\":\"sky\",\"color\":[1,2,3]}]}")
                .Mask("masks/a.png", 8, 6, (x, _) => x & 1)),
        ("config.yaml",
            s => s.Text("config.yaml", "val:\n  images: images\n  masks: masks\nclasses:\n  0: none\n  1: 'sky'\n")
                .Mask("masks/a.png", 8, 6, (x, _) => x & 1)),
        ("labelmap.txt",
            s => s.Photo("JPEGImages/a.png").Text("labelmap.txt", "# label\nsky:1,2,3::\n")
                .Colors("SegmentationClass/a.png", 8, 6, (_, _) => 0x010203)),
        ("label_colors.txt",
            s => s.Text("label_colors.txt", "1 2 3 sky\n").Photo("train/a.png").Colors("trainannot/a.png", 8, 6, (_, _) => 0x010203)),
        ("objectInfo150.txt",
            s => s.Mask("annotations/a.png", 8, 6, (_, _) => 1).Text("objectInfo150.txt", "Idx\tStuff\tName\n1\t1\twall \n")),
        ("b_atr.txt",
            s => s.Photo("b.jpg").Colors("b_seg.png", 8, 6, (_, _) => 0x0A2C50).Text("b_atr.txt", "001 # 0 # 0 # door # door # \"\"\n")),
        ("b.json",
            s => s.Photo("b.jpg").Colors("b_seg.png", 8, 6, (_, _) => 0x0A2C50).Text("b.json", Ade)),
        ("instances_a.json",
            s => s.Text("instances_a.json", Coco)),
        ("panoptic_a.json",
            s => s.Colors("panoptic_a/a.png", 8, 6, (_, _) => 0x010000).Text("panoptic_a.json", Panoptic)),
        ("a.json",
            s => s.Text("a.json", LabelMe)),
        ("labels/a.txt",
            s => s.Text("data.yaml", "names: [cat, mat]\n").Text("labels/a.txt", "1 0.1 0.1 0.9 0.1 0.9 0.9\n0 0.5 0.5 0.5 0.5\n")),
        ("data.yaml",
            s => s.Text("data.yaml", "path: .\nnames:\n  0: cat\n  1: \"mat\" # x\n").Text("labels/a.txt", "1 0.1 0.1 0.9 0.1 0.9 0.9\n")),
        ("index.csv", s => Broden(s)),
        ("label.csv", s => Broden(s)),
    ];

    public static IEnumerable<object[]> Kinds => s_kinds.Select((k, i) => (object[])[i, k.File]);

    private static int Mutants => int.TryParse(
        Environment.GetEnvironmentVariable("INTERP_LABEL_MUTANTS"), CultureInfo.InvariantCulture, out int many) ? many : Few;

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Open_Mutants_ReadOrAreRefusedInOneLine(int kind, string file)
    {
        using var set = new LabelFixture();
        s_kinds[kind].Make(set.Photo("images/a.png"));
        byte[] sound = File.ReadAllBytes(Path.Combine(set.Root, file));
        (int read, int refused) = (0, 0);
        Assert.IsGreaterThan(0, Read(set, ref refused));
        Assert.AreEqual(0, refused, "the sound folder is read");
        for (int i = 0; i < Mutants; i++)
        {
            set.Bytes(file, Mutate(sound, new Random((kind * 1_000_000) + i), text: !file.EndsWith(".png", StringComparison.Ordinal)));
            try
            {
                read += Read(set, ref refused);
            }
            catch (InputException e)
            {
                RequireLine(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                throw new AssertFailedException($"mutant {i} of {file}: {e}", e);
            }
        }

        Assert.IsGreaterThan(0, refused);
        Assert.IsGreaterThan(0, read);
    }

    private static int Read(LabelFixture folder, ref int refused)
    {
        LabelSet set = folder.Open();
        int read = 0;
        foreach (string remark in set.Remarks)
        {
            RequireLine(remark);
        }

        foreach (Concept concept in set.Concepts)
        {
            RequireLine(concept.Name);
        }

        for (int i = 0; i < set.Count; i++)
        {
            try
            {
                LabelledImage image = set.Read(i);
                Assert.IsTrue(image.Planes.All(p => p.Labels.All(l => l is LabelPlane.Void || l <= set.Concepts.Length)));
                RequireLine(image.Remark ?? "");
                read++;
            }
            catch (InputException e)
            {
                RequireLine(e.Message);
                refused++;
            }
        }

        return read;
    }

    private static void RequireLine(string line) => Assert.IsFalse(line.Any(char.IsControl), $"not one line: {line}");

    private static byte[] Mutate(byte[] sound, Random random, bool text)
    {
        var bytes = new List<byte>(sound);
        for (int n = random.Next(1, 5); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(text ? 6 : 5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 1);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(s_tokens[random.Next(s_tokens.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Broden(LabelFixture set) => set.Colors("images/a_color.png", 4, 3, (x, _) => x < 2 ? 0x010000 : 0)
        .Text("index.csv", "image,split,ih,iw,sh,sw,color,scene\na.png,train,6,8,3,4,a_color.png,3\n")
        .Text("label.csv", "number,name,category\n1,black-c,color(1)\n3,street,scene(1)\n");
}
