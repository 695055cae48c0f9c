using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

[TestClass]
public sealed class OcclusionTests
{
    private const int Size = 16;

    private static bool InBox(int y, int x) => y is >= 6 and < 10 && x is >= 6 and < 10;

    [TestMethod]
    public void BoxSum_WhiteImage_IsTheWorkedExample()
    {
        float[] map = Explain(BoxNet(), White, "--window", "4", "--stride", "2", "--fill", "black").Values;

        // The window on the box takes away its 16 pixels of 3 channels; those one step off in one direction half of it, in both a quarter.
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                double expected = Share(y) * Share(x) * 48;
                Assert.AreEqual(expected, map[(y * Size) + x], 1e-4, "float32 sums of some 50 numbers");
                Assert.AreEqual(InBox(y, x), map[(y * Size) + x] > 20, $"the largest values are those in the box, at {y},{x}");
            }
        }

        // Mean of the box's share under the windows that cover a row: rows 4 and 5 lie under windows 2 and 4, and so on.
        static double Share(int at) => at switch { 6 or 7 or 8 or 9 => (1 + 0.5) / 2, 4 or 5 or 10 or 11 => 0.5 / 2, _ => 0 };
    }

    [TestMethod]
    public void WindowsSideBySide_AddUpToTheWholeFall()
    {
        AttributionResult result = Explain(BoxNet(), White, "--window", "4", "--stride", "4", "--fill", "black");

        Assert.AreEqual(48, result.Values.Sum() / 16.0, 1e-4, "each window's fall stands on its 16 pixels; float32 sums");
    }

    [TestMethod]
    public void WindowThatChangesNothing_IsExactlyZero()
    {
        Network net = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(net, backend);
        AttributionRequest request = Requests.Of(explainer, "occlusion", new ClassTarget(1), "window", "8", "stride", "8");
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < 8; y++)
            {
                request.Input.Tensor.AsSpan((c * 1024) + (y * 32), 8).Clear();
            }
        }

        float[] map = AttributionCatalog.All.Find("occlusion").Explain(request).Values;

        Assert.AreEqual(0, map[0]);
        Assert.AreNotEqual(0, map[8]);
    }

    [TestMethod]
    public void NarrowVgg_OddSize_MatchesPyTorch()
    {
        (Shape shape, float[] expected) = Golden.Array("perturbation", "occlusion.npy");
        using var narrow = new NarrowVgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(narrow.Network, backend);

        AttributionResult result = narrow.Explain(explainer, "occlusion", "window", "9", "stride", "5");

        Assert.AreEqual(shape, result.Shape);
        TensorAssert.RelativeL2(expected, result.Values, 2e-5, "differences of two float32 logits, each within 1e-6 of the largest");
    }

    [TestMethod]
    public void Defaults_ScaleWithTheImage()
    {
        Dictionary<string, object> facts = Explain(BoxNet(), White).Facts.ToDictionary(f => f.Name, f => f.Value);

        Assert.AreEqual(2, facts["window"]);
        Assert.AreEqual(1, facts["stride"]);
        Assert.AreEqual(225, facts["windows_run"]);
    }

    [TestMethod]
    public void Refine_Vgg_RunsFewerWindowsAndStaysNear()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        var seen = new List<double>();

        AttributionResult full = Run("0"), refined = Run("0.4");

        int windows = (int)full.Facts.First(f => f.Name == "windows").Value;
        int run = (int)refined.Facts.First(f => f.Name == "windows_run").Value;
        Assert.AreEqual(windows, full.Facts.First(f => f.Name == "windows_run").Value);
        Assert.IsTrue(run > windows / 4 && run < windows, $"{run} of {windows}");
        Assert.AreEqual(1 - (run / (double)windows), refined.Facts.First(f => f.Name == "saving").Value);
        float largest = full.Values.Max(MathF.Abs);
        double off = full.Values.Zip(refined.Values, (a, b) => Math.Abs(a - b)).Max();
        Assert.IsLessThan(0.4 * largest, off, "the neighbours of a window that was not run differ by less");
        CollectionAssert.AreEqual(seen.Order().ToArray(), seen, "progress never goes back");
        Assert.AreEqual(1, seen[^1]);

        AttributionResult Run(string share)
        {
            seen.Clear();
            string[] options = ["window", "8", "stride", "2", "refine", share];
            AttributionRequest request = Requests.Of(explainer, "occlusion", new ClassTarget(1), options) with { Progress = seen.Add };
            return AttributionCatalog.All.Find("occlusion").Explain(request);
        }
    }

    [TestMethod]
    [DataRow("17", "2", "option 'window' 17")]
    [DataRow("4", "5", "option 'stride' 5")]
    public void Sizes_ThatLeaveGaps_AreRefused(string window, string stride, string found)
    {
        InputException e = Assert.ThrowsExactly<InputException>(() => Explain(BoxNet(), White, "--window", window, "--stride", stride));

        Assert.StartsWith(found, e.Message);
    }

    [TestMethod]
    [DataRow("--window", "-3")]
    [DataRow("--window", "0")]
    [DataRow("--stride", "0")]
    [DataRow("--stride", "9.5")]
    [DataRow("--stride", "99999999999")]
    public void Size_ThatIsNone_SaysWhatIs(string option, string value) => Assert.AreEqual(
        $"option '{option[2..]}' '{value}': expected a whole number from 1, or auto",
        Assert.ThrowsExactly<InputException>(() => Explain(BoxNet(), White, option, value)).Message);

    [TestMethod]
    public void Size_OfTheMethodsChoice_IsCalledAutoAndTheNumberIsAFact()
    {
        AttributionResult result = Explain(BoxNet(), White, "--window", "AUTO", "--stride", "2");

        Assert.AreEqual("auto", result.Options.Values.Single(o => o.Key == "window").Value);
        Assert.AreEqual(2, result.Options.Values.Single(o => o.Key == "stride").Value);
        Assert.AreEqual(2, result.Facts.Single(f => f.Name == "window").Value, "a 7th of 16");
    }

    [TestMethod]
    [DataRow("occlusion")]
    [DataRow("rise")]
    [DataRow("lime")]
    [DataRow("kernelshap")]
    [DataRow("shapley-sampling")]
    public void EstimatedWork_IsWhatIsRun(string name)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend, new ExplainerOptions { Batch = 1 });
        AttributionMethod method = AttributionCatalog.All.Find(name);
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(1));

        double estimate = method.EstimatedWork(request).Forward;
        AttributionResult result = method.Explain(request);

        Assert.AreEqual(1, result.Work.Forward / estimate, 0.05, "the number of superpixels is only about what was asked for");
        Assert.AreEqual(0, result.Work.Backward);
    }

    private static Network BoxNet() => LinearNet.OfPixels(Size, (_, y, x) => InBox(y, x) ? 1 : 0);

    private static NetworkInput White { get; } = LinearNet.Image(Size, (_, _) => (255, 255, 255));

    private static AttributionResult Explain(Network network, NetworkInput input, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        AttributionMethod method = AttributionCatalog.All.Find("occlusion");
        return method.Explain(new AttributionRequest(
            explainer, input, new ClassTarget(0), method.Configure(options.Chunk(2).ToDictionary(o => o[0][2..], o => o[1]))));
    }
}
