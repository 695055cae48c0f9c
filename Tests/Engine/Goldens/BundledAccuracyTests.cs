using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Goldens;

/// <summary>How often vgg16-200 is right on labelled photos. The bounds are what was measured when the model was bundled, so a loss
/// anywhere on the way shows.</summary>
[TestClass]
public sealed class BundledAccuracyTests
{
    private static readonly Lazy<Dictionary<string, int>> s_classes = new(() => Column("wnid"));

    [TestMethod]
    public void Photos_OfKnownClasses_TwelveOfFifteen()
    {
        Dictionary<string, int> classes = Column("imagenet_index");
        var labelled = Directory.EnumerateFiles(SharedFolder.Find("data/photos"), "???_*.jpg")
            .Select(path => (path, Index: int.Parse(Path.GetFileName(path)[..3]).ToString()))
            .Where(p => classes.ContainsKey(p.Index)).Select(p => (p.path, classes[p.Index]));

        (int top1, int top5, int all) = Count(labelled);

        Assert.AreEqual(15, all);
        Assert.IsGreaterThanOrEqualTo(12, top1);
        Assert.IsGreaterThanOrEqualTo(14, top5);
    }

    [TestMethod]
    public void SmallPhotos_OneOfEachClass_FiftyEightPercent()
    {
        string folder = SharedFolder.Find("data/tiny-imagenet-val");
        var labelled = s_classes.Value.Select(
            c => (Directory.EnumerateFiles(Path.Combine(folder, c.Key)).Order(StringComparer.Ordinal).First(), c.Value));

        (int top1, int top5, int all) = Count(labelled);

        Assert.AreEqual(200, all);
        Assert.IsGreaterThanOrEqualTo(117, top1);
        Assert.IsGreaterThanOrEqualTo(166, top5);
    }

    /// <summary>Class ids by another column of the model's class list.</summary>
    private static Dictionary<string, int> Column(string name)
    {
        string[][] rows = [.. File.ReadLines(SharedFolder.Find("models/vgg16-200/classes.tsv")).Select(l => l.Split('\t'))];
        int column = Array.IndexOf(rows[0], name);
        return rows.Skip(1).ToDictionary(r => r[column], r => int.Parse(r[0]));
    }

    private static (int Top1, int Top5, int All) Count(IEnumerable<(string Path, int Class)> labelled)
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        using var backend = new CpuBackend();
        using Session session = backend.Open(network, new SessionOptions { Backward = false });
        (int top1, int top5, int all) = (0, 0, 0);
        foreach ((string path, int expected) in labelled)
        {
            session.Forward(NetworkInput.Read(path, network)[0].Tensor);
            int[] best = [.. Prediction.Top(session.Logits(), network.Labels, network.OutputActivation, 5).Select(p => p.Class)];
            (top1, top5, all) = (top1 + (best[0] == expected ? 1 : 0), top5 + (best.Contains(expected) ? 1 : 0), all + 1);
        }

        return (top1, top5, all);
    }
}
