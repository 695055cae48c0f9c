using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Dissection;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;
using Interp.Tests.Support;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Tests.Engine.Dissection;

/// <summary>Whole dissections of small networks on generated patterns.</summary>
[TestClass]
public sealed class DissectorTests
{
    private static readonly Network s_net = TinyNets.Vgg(size: 64);
    private static readonly string[] s_layers = ["relu0_1", "relu1_1", "conv2_0", "relu2_1"];
    private static readonly PatternSet s_patterns = new(64, 64, seed: 3, count: 24);
    private static readonly DissectionOptions s_options = new()
    {
        Quantile = 0.01,
        LabelSize = 32,
        Permutations = 20,
        Threads = 2,
        Examples = 2,
    };
    private static readonly Lazy<IReadOnlyList<Result>> s_usual = new(() => Dissect(s_options));

    [TestMethod]
    [DataRow("relu0_1")]
    [DataRow("relu1_1")]
    [DataRow("conv2_0")]
    [DataRow("relu2_1")]
    public void Run_OfALayer_AgreesWithPlainLoops(string layer)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(s_net, backend, new ExplainerOptions { Backward = false });
        Result d = s_usual.Value[Array.IndexOf(s_layers, layer)];

        (float[] thresholds, double[,] iou) = PlainDissection.Of(
            new LayerRun(explainer, s_net.Find(layer)), s_net, s_patterns, s_options.Quantile, s_options.LabelSize);

        Assert.AreEqual(Enlargement.Field, d.Enlargement);
        CollectionAssert.AreEqual(thresholds, d.Units.Select(u => u.Threshold).ToArray());
        for (int c = 0; c < d.Concepts.Length; c++)
        {
            int own = s_patterns.Concepts.IndexOf(d.Concepts[c].Concept);
            for (int u = 0; u < d.Units.Length; u++)
            {
                Assert.AreEqual(iou[u, own], d.Iou[(u * d.Concepts.Length) + c], 1e-6, $"{layer}, unit {u}, {d.Concepts[c].Concept}");
            }
        }

        Assert.IsTrue(d.Iou.Any(v => v > 0.02), "something is found");
    }

    [TestMethod]
    [DataRow(1, 8, 4L << 30, long.MaxValue, DisplayName = "one thread")]
    [DataRow(2, 1, 4L << 30, long.MaxValue, DisplayName = "one image at a time")]
    [DataRow(2, 7, 4L << 30, long.MaxValue, DisplayName = "seven at a time")]
    [DataRow(2, 8, 0L, long.MaxValue, DisplayName = "no maps kept")]
    [DataRow(2, 8, 100_000L, long.MaxValue, DisplayName = "some maps kept")]
    [DataRow(1, 5, 4L << 30, 4000L, DisplayName = "thresholds in two passes")]
    public void Run_HoweverItRuns_GivesTheSameBits(int threads, int batch, long cache, long memory)
    {
        IReadOnlyList<Result> other = Dissect(s_options with { Threads = threads, Batch = batch, CacheSize = cache, MemoryLimit = memory });

        AssertEqual(s_usual.Value, other);
    }

    [TestMethod]
    public void Run_OfOneLayer_GivesTheSameAsOfAll() => AssertEqual([s_usual.Value[1]], Dissect(s_options, layers: [s_layers[1]]));

    [TestMethod]
    [DataRow("activations", 4L << 30, long.MaxValue)]
    [DataRow("activations", 4L << 30, 4000L)]
    [DataRow("tails", 0L, 4000L)]
    [DataRow("masks", 0L, long.MaxValue)]
    [DataRow("chance", 4L << 30, long.MaxValue)]
    public void Run_StoppedAndCalledAgain_GivesTheSameAsAtOnce(string stage, long cache, long memory)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Root, "state.bin");
        DissectionOptions options = s_options with { StateFile = file, CacheSize = cache, MemoryLimit = memory, Batch = 3 };
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Dissect(
            options,
            progress: p =>
            {
                if (p.Stage == stage && p.Done >= 9)
                {
                    cancel.Cancel();
                }
            },
            cancel: cancel.Token));
        Assert.IsTrue(File.Exists(file));
        var stages = new List<DissectionProgress>();
        IReadOnlyList<Result> resumed = Dissect(options, progress: stages.Add);

        AssertEqual(s_usual.Value, resumed);
        Assert.IsFalse(File.Exists(file), "nothing is left");
        Assert.AreEqual(stage == "activations", stages.Any(p => p.Stage == "activations"), "what was done is not done again");
    }

    [TestMethod]
    public void Run_WhoseMasksDoNotFit_IsRefused_AndGoesOnWhereTheyDo()
    {
        using var folder = new TemporaryFolder();
        DissectionOptions options = s_options with { StateFile = Path.Combine(folder.Root, "state.bin") };

        BackendException refused = Assert.ThrowsExactly<BackendException>(() => Dissect(options with { MaskLimit = 20_000 }));

        StringAssert.Contains(refused.Message, "the masks and labels of 24 images need about 1 MiB");
        var stages = new List<DissectionProgress>();
        AssertEqual(s_usual.Value, Dissect(options, progress: stages.Add));
        Assert.IsFalse(stages.Any(p => p.Stage == "activations"), "what was done is not done again");
    }

    [TestMethod]
    public void Run_WithADamagedState_BeginsAnew()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Root, "state.bin");
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => Dissect(s_options with { StateFile = file, Batch = 3 }, progress: _ => cancel.Cancel(), cancel: cancel.Token));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);

        AssertEqual(s_usual.Value, Dissect(s_options with { StateFile = file }));
    }

    [TestMethod]
    public void Run_WithBadImages_LeavesThemOut()
    {
        var failed = new List<string>();
        LabelledImage[] all = [.. Enumerable.Range(0, 12).Select(i => s_patterns.Read(i))];
        var good = new ListedLabels(s_patterns.Concepts, [.. all.Select(Of)]);
        var bad = new ListedLabels(s_patterns.Concepts, [null, .. all[..5].Select(Of), null, .. all[5..].Select(Of), null]);

        IReadOnlyList<Result> one = Dissect(s_options with { MinImages = 2 }, good);
        IReadOnlyList<Result> other = Dissect(s_options with { MinImages = 2, Failed = failed.Add }, bad);

        CollectionAssert.AreEqual(new[] { "image-0: cannot be read", "image-6: cannot be read", "image-14: cannot be read" }, failed);
        CollectionAssert.AreEqual(failed, other[0].Failed);
        AssertEqual(one, other);

        static (Interp.Engine.Imaging.RgbImage, LabelPlane[])? Of(LabelledImage image) => (image.Image, [.. image.Planes]);
    }

    [TestMethod]
    public void Run_OfWhatCannotBeDissected_IsRefused()
    {
        Assert.ThrowsExactly<InputException>(() => Dissect(s_options, layers: ["input"]));
        Assert.ThrowsExactly<InputException>(() => Dissect(s_options, layers: ["relu0_1", "relu0_1"]));
        Assert.ThrowsExactly<InputException>(() => Dissect(s_options with { Channels = [8] }, layers: ["relu0_1"]));
        Assert.ThrowsExactly<InputException>(() => Dissect(s_options, new ListedLabels(s_patterns.Concepts, null, null)));
        foreach (DissectionOptions wrong in (DissectionOptions[])[
            s_options with { LabelSize = DissectionOptions.MostLabelSize + 1 }, s_options with { LabelSize = 0 },
            s_options with { Quantile = double.NaN }, s_options with { Quantile = 0 }, s_options with { Permutations = -1 },
            s_options with { Batch = 0 }, s_options with { Channels = [] }, s_options with { Channels = [1, 1] }])
        {
            Assert.ThrowsExactly<InputException>(() => Dissect(wrong, layers: ["relu0_1"]));
        }
    }

    [TestMethod]
    public void Run_WithFewerValuesThanAMaskNeeds_IsRefusedBeforeAnyImageIsRead()
    {
        var never = new ListedLabels(s_patterns.Concepts, new (Interp.Engine.Imaging.RgbImage, LabelPlane[])?[5]);

        InputException refused = Assert.ThrowsExactly<InputException>(
            () => Dissect(s_options with { Quantile = 1e-6, Failed = _ => Assert.Fail("an image was read") }, never, ["relu0_1"]));

        StringAssert.Contains(refused.Message, "relu0_1");
        StringAssert.Contains(refused.Message, "masks would be empty");
    }

    /// <summary>A layer of features without maps, and a grey and an oblong network: nothing is assumed of the shape.</summary>
    [TestMethod]
    [DataRow("grey")]
    [DataRow("oblong")]
    [DataRow("diamond")]
    public void Run_OfOtherShapes_Works(string name)
    {
        Network net = name switch
        {
            "grey" => ShapeNets.Grey(),
            "oblong" => ShapeNets.Oblong(),
            _ => TinyNets.Diamond(),
        };
        string[] layers = [.. net.Nodes.Skip(1).Select(n => n.Name)];
        var patterns = new PatternSet(net.Preprocessing.Height, net.Preprocessing.Width, count: 12, grey: net.InputChannels == 1);

        DissectionOptions options = s_options with { Quantile = 0.1, MinImages = 2, LabelSize = 16, Permutations = 3 };
        foreach (Result d in Dissect(options, patterns, layers, net))
        {
            Assert.AreEqual(12, d.Images);
            Assert.IsTrue(d.Iou.All(v => v is >= 0 and <= 1), d.Layer);
            Assert.IsTrue(d.Units.All(u => u.Overlap.Iou <= u.Overlap.Ceiling + 1e-12), d.Layer);
        }
    }

    [TestMethod]
    [DataRow("iou-ceiling")]
    [DataRow("lift")]
    [DataRow("iqr")]
    public void Run_WithAnotherScore_LabelsByIt(string score)
    {
        Result d = Dissect(s_options with { Score = DissectionScore.All.Find(score) }, layers: ["relu2_1"])[0];

        foreach (UnitDissection unit in d.Units.Where(u => u.Concept >= 0))
        {
            Assert.AreEqual(unit.ByCategory.Where(c => c.Concept >= 0).Max(c => DissectionScore.All.Find(score).Of(c.Overlap)), unit.Score);
        }
    }

    private static IReadOnlyList<Result> Dissect(
        DissectionOptions options, LabelSet? labels = null, string[]? layers = null, Network? net = null,
        Action<DissectionProgress>? progress = null, CancellationToken cancel = default)
    {
        net ??= s_net;
        using var backend = new CpuBackend(new CpuOptions { Threads = Math.Max(1, options.Threads) });
        using var explainer = new Explainer(net, backend, new ExplainerOptions { Backward = false, Batch = options.Batch });
        return Dissector.Run(
            explainer, [.. (layers ?? s_layers).Select(net.Find)], labels ?? s_patterns, options, progress, cancel);
    }

    private static void AssertEqual(IReadOnlyList<Result> expected, IReadOnlyList<Result> actual)
    {
        Assert.HasCount(expected.Count, actual);
        foreach ((Result e, Result a) in expected.Zip(actual))
        {
            Assert.AreEqual(e.Layer, a.Layer);
            CollectionAssert.AreEqual(e.Iou, a.Iou, $"IoU of {e.Layer}");
            CollectionAssert.AreEqual(e.ChanceDetectors, a.ChanceDetectors, $"chance of {e.Layer}");
            CollectionAssert.AreEqual(e.ExpectedByConcept, a.ExpectedByConcept, $"expected of {e.Layer}");
            Assert.AreEqual(e.Counts, a.Counts);
            Assert.AreEqual(e.Halves, a.Halves);
            foreach ((UnitDissection x, UnitDissection y) in e.Units.Zip(a.Units))
            {
                Assert.AreEqual((x.Threshold, x.Concept, x.Overlap, x.P, x.PPlace, x.Q, x.MaskShare, x.Halves, x.IsDead, x.IsSparse),
                    (y.Threshold, y.Concept, y.Overlap, y.P, y.PPlace, y.Q, y.MaskShare, y.Halves, y.IsDead, y.IsSparse));
                Assert.AreEqual(x.MaskShare, y.MaskShare);
                CollectionAssert.AreEqual(
                    x.Examples.Select(i => (i.Value, i.Mask.Count)).ToArray(), y.Examples.Select(i => (i.Value, i.Mask.Count)).ToArray());
            }
        }
    }
}
