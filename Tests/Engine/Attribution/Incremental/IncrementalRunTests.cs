using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Incremental;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Engine.Attribution.Matrix;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Incremental;

/// <summary>What is computed of the changes only is what the whole network gives.</summary>
[TestClass]
public sealed class IncrementalRunTests
{
    /// <summary>Winograd's rounding, 1e-6 of a layer's largest values, in up to nineteen layers.</summary>
    private const double Rounding = 1e-4;

    public static IEnumerable<object[]> Networks => MatrixNetwork.All.Select(n => new object[] { n.Name });

    public static IEnumerable<object[]> ReferenceNetworks =>
        [["residual blocks"], ["dense block with affine layers and average pool"], ["grey digits at 28"], ["oblong at 33x30"]];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Outputs_DirectConvolutions_AreTheSameBits(string shape)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Convolution = ConvChoice.Direct });
        Network network = MatrixNetwork.Find(shape).Make();
        foreach (Target target in Targets(network))
        {
            (float[][] whole, float[][] changed) = Both(shape, network, backend, target);
            for (int i = 0; i < whole.Length; i++)
            {
                TensorAssert.SameBits(whole[i], changed[i], $"{target.Description}, change {i}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Outputs_Winograd_DifferByRounding(string shape)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        Network network = MatrixNetwork.Find(shape).Make();
        (float[][] whole, float[][] changed) = Both(shape, network, backend, Targets(network).First());
        for (int i = 0; i < whole.Length; i++)
        {
            TensorAssert.RelativeL2(whole[i], changed[i], Rounding, $"rounding in Winograd's tiles, change {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(ReferenceNetworks))]
    public void Outputs_Reference_AreTheSameBits(string shape)
    {
        using var backend = new ReferenceBackend();
        Network network = MatrixNetwork.Find(shape).Make();
        foreach (Target target in Targets(network))
        {
            (float[][] whole, float[][] changed) = Both(shape, network, backend, target);
            for (int i = 0; i < whole.Length; i++)
            {
                TensorAssert.SameBits(whole[i], changed[i], $"{target.Description}, change {i}");
            }
        }
    }

    /// <summary>The calculus of rectangles against what really changes, node by node: nothing does outside of a node's extent.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Extents_EveryNode_HoldAllThatChanges(string shape)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Convolution = ConvChoice.Direct });
        Network network = row.Make();
        var graph = new ReachGraph(network, network.Output, (row.Height, row.Width));
        ImageBox box = Boxes(row.Height, row.Width)[0];
        float[] known = row.Photo(network).Tensor, image = [.. known];
        Change(image, known, box, row, 1);
        Node[] keep = [.. network.Nodes.Skip(1).SkipLast(1)];
        var options = new SessionOptions { Height = row.Height, Width = row.Width, Backward = false, Keep = [.. keep] };
        using Session before = backend.Open(network, options), after = backend.Open(network, options);
        before.Forward(known);
        after.Forward(image);
        var rows = new AxisExtents(graph, 2, [box.Rows]);
        var columns = new AxisExtents(graph, 3, [box.Columns]);
        foreach (Node node in graph.Nodes.Where(n => rows.Knows(n.Id)))
        {
            (Shape map, Extent down, Extent across) = (graph.Shapes[node.Id], rows.Of(node.Id)[0], columns.Of(node.Id)[0]);
            float[] a = before.Activation(node), b = after.Activation(node);
            for (int i = 0; i < a.Length; i++)
            {
                (int y, int x) = (i / map[3] % map[2], i % map[3]);
                bool inside = y >= down.Start && y < down.End && x >= across.Start && x < across.End;
                Assert.IsTrue(inside || a[i] == b[i], $"{node.Name} changes at {y},{x}, outside of {down}, {across}");
            }
        }
    }

    /// <summary>All of the method: several classes of windows, cut off at the edges, all or some of them, on maps of odd sizes.</summary>
    [TestMethod]
    [DataRow("VGG16 at 96: 3x3 maps, pooled to 7x7", "13", "5", "0")]
    [DataRow("VGG11 at 160x96: 5x3 maps, pooled to 7x7", "20", "9", "0.1")]
    [DataRow("oblong at 33x30", "5", "2", "0")]
    [DataRow("grey digits at 28", "4", "1", "0.2")]
    [DataRow("residual blocks", "6", "3", "0")]
    [DataRow("narrow densenet121", "9", "4", "0")]
    public void Occlusion_WholeOrNot_GivesTheSameBits(string shape, string window, string stride, string refine)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        Network network = row.Make();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Convolution = ConvChoice.Direct });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        using var single = new Explainer(network, backend, new ExplainerOptions { Backward = false, Batch = 1 });
        AttributionMethod method = AttributionCatalog.All.Find("occlusion");

        AttributionResult Explain(Explainer by, string full) => method.Explain(
            Request(row, by, new ClassTarget(0), "window", window, "stride", stride, "refine", refine, "full", full));

        AttributionResult whole = Explain(explainer, "true"), changed = Explain(explainer, "false");
        TensorAssert.SameBits(whole.Values, changed.Values, "the map");
        TensorAssert.SameBits(changed.Values, Explain(single, "false").Values, "by smaller batches");
        Assert.AreEqual(1.0, whole.Facts.Single(f => f.Name == "work_share").Value);
        Assert.IsLessThan(0.8, (double)changed.Facts.Single(f => f.Name == "work_share").Value, "work is saved");
    }

    [TestMethod]
    public void Image_ThatDiffersElsewhere_IsRefused()
    {
        MatrixNetwork row = MatrixNetwork.Find("grey digits at 28");
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(row.Make(), backend);
        AttributionRequest request = Request(row, explainer, new ClassTarget(0));
        var run = IncrementalRun.Of(request, [new ImageBox(new Extent(2, 5), new Extent(3, 6))], double.PositiveInfinity)!;
        float[] known = request.Input.Tensor;

        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => run.Run(known, [0], (_, input) =>
        {
            known.CopyTo(input);
            input[0]++;
        }, (_, _, _) => { }, null, default));

        Assert.Contains("outside of its box", e.Message);
    }

    [TestMethod]
    public void Run_LittleMemory_IsLeftToWholePasses()
    {
        MatrixNetwork row = MatrixNetwork.Find("VGG16 at 224: 7x7 maps, pooled to 7x7");
        Network network = row.Make();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Convolution = ConvChoice.Direct });
        using var roomy = new Explainer(network, backend);
        using Session one = backend.Open(network, new SessionOptions { Backward = false });
        using var narrow = new Explainer(network, backend, new ExplainerOptions { Backward = false, MemoryLimit = one.Bytes });
        ImageBox[] boxes = [.. Boxes(224, 224).Take(6)];
        AttributionRequest request = Request(row, roomy, new ClassTarget(0));
        float[] known = request.Input.Tensor, other = new Gaussian(5).Values(known.Length);
        Assert.IsNotNull(IncrementalRun.Of(request, boxes), "it would save work");

        double[] expected = new ChangedImages(request, boxes).Scores(known, other, [0, 3, 5], null);
        double[] found = new ChangedImages(request with { Explainer = narrow }, boxes).Scores(known, other, [0, 3, 5], null);

        CollectionAssert.AreEqual(expected, found);
        Assert.IsLessThan(4, roomy.Work.Forward, "passes that are not whole count as their share");
        Assert.AreEqual(4, narrow.Work.Forward);
    }

    private static IEnumerable<Target> Targets(Network network)
    {
        string[] kinds = ["logit", "channel of an output without classes", "channel of a middle activation",
            "channel of the last sum, product or concatenation"];
        return kinds.Select(kind => MatrixTargets.All[kind](network, 0)).OfType<Target>();
    }

    private static AttributionRequest Request(MatrixNetwork row, Explainer explainer, Target target, params string[] options) => new(
        explainer,
        row.Photo(explainer.Network),
        target,
        AttributionCatalog.All.Find("occlusion").Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1])));

    /// <summary>The output at changed images, by whole passes and by what changes.</summary>
    private static (float[][] Whole, float[][] Changed) Both(string shape, Network network, IBackend backend, Target target)
    {
        MatrixNetwork row = MatrixNetwork.Find(shape);
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false, Batch = 4 });
        AttributionRequest request = Request(row, explainer, target);
        ImageBox[] boxes = Boxes(row.Height, row.Width);
        float[] known = request.Input.Tensor;
        float[][] whole = new float[boxes.Length][], changed = new float[boxes.Length][];
        int[] all = [.. Enumerable.Range(0, boxes.Length)];

        new ChangedImages(request, boxes, whole: true).Run(known, all, Fill, (i, values, _) => whole[i] = values.ToArray(), null);
        var run = IncrementalRun.Of(request, boxes, double.PositiveInfinity);
        Assert.IsNotNull(run);
        Assert.IsTrue(run.Run(known, all, Fill, (i, values, _) => changed[i] = values.ToArray(), null, default));
        return (whole, changed);

        void Fill(int i, Span<float> input) => Change(input, known, boxes[i], row, (ulong)i);
    }

    /// <summary>Boxes in the middle, at every corner, at edges, of one pixel, across the image, and all of it; enough for several classes
    /// where images are small.</summary>
    private static ImageBox[] Boxes(int height, int width)
    {
        (int h, int w) = (Math.Max(1, height / 6), Math.Max(1, width / 5));
        List<ImageBox> boxes =
        [
            Box(height / 3, width / 3, h, w), Box(0, 0, h, w), Box(height - h, width - w, h, w), Box(0, width - w, h, w),
            Box(height - h, 0, h, w), Box(height / 2, 0, h, w), Box(height / 2, width / 2, 1, 1), Box(height - 1, width - 1, 1, 1),
            Box(height / 2, 0, 1, width), Box(0, 0, height, width), Box(h / 2, w / 2, h, w), Box((h / 2) + 1, (w / 2) + 1, h, w),
        ];
        for (int i = 0; height <= 64 && i < 64; i++)
        {
            boxes.Add(Box(i % 8 * (height - h) / 8, i / 8 * (width - w) / 8, h, w));
        }

        return [.. boxes];

        static ImageBox Box(int top, int left, int h, int w) => new(new Extent(top, top + h), new Extent(left, left + w));
    }

    private static void Change(Span<float> image, float[] known, ImageBox box, MatrixNetwork size, ulong seed)
    {
        known.CopyTo(image);
        var rng = new Rng(seed);
        for (int i = 0; i < image.Length; i++)
        {
            (int y, int x) = (i / size.Width % size.Height, i % size.Width);
            if (y >= box.Rows.Start && y < box.Rows.End && x >= box.Columns.Start && x < box.Columns.End)
            {
                image[i] = (float)rng.Gaussian((ulong)i);
            }
        }
    }
}
