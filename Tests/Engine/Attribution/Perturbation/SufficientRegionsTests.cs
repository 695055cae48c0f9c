using System.Globalization;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

[TestClass]
public sealed class SufficientRegionsTests
{
    private const int Size = 16;
    private static readonly string[] s_brief = ["cell", "1", "fill", "black"];

    [TestMethod]
    public void SumOfABlock_TheRegionIsTheBlock()
    {
        // Class 0 is on top where the 16 pixels of 3 channels add up to more than 47.5: where none of them is missing.
        AttributionResult result = Explain(BlockNet((6, 5), threshold: 47.5), White);

        for (int i = 0; i < Size * Size; i++)
        {
            Assert.AreEqual(IsIn(i, 6, 5) ? 1f : 0, result.Values[i], $"pixel {i / Size},{i % Size}");
        }

        Assert.AreEqual(16.0 / 256, Number(result, "region_1_area"));
        Assert.AreEqual("5,6,8,9", Text(result, "region_1_box"));
        Assert.AreEqual(true, Fact(result, "region_1_minimal"));
        Assert.AreEqual(1, Number(result, "regions_found"), "what is left does not give the class");
        Assert.AreEqual(0.0, Number(result, "region_1_chance"), "the block elsewhere is black in the block's place");
        Assert.AreEqual(0.0, Number(result, "region_1_top"));
        Assert.AreEqual(1.0 / 256, Number(result, "counterfactual_area"), "any pixel of the block that is lost loses the class");
        Assert.AreEqual(1.0, Number(result, "counterfactual_top"));
    }

    [TestMethod]
    public void TwoBlocks_EitherOfWhichIsEnough_AreTwoRegions()
    {
        static double Weight(int pixel) => IsIn(pixel, 2, 2) ? 1.001 : IsIn(pixel, 10, 9) ? 1 : -0.001;

        AttributionResult result = Explain(LinearNet.OfPixels(Size, (_, y, x) => Weight((y * Size) + x), threshold: 47.5), White);

        Assert.AreEqual(2, Number(result, "regions_found"));
        int[] ranks = [.. Enumerable.Range(0, Size * Size).Select(i => IsIn(i, 2, 2) ? 1 : IsIn(i, 10, 9) ? 2 : 0)];
        for (int i = 0; i < ranks.Length; i++)
        {
            Assert.AreEqual(ranks[i] == 0 ? 0 : 1f / ranks[i], result.Values[i], $"pixel {i / Size},{i % Size}");
        }

        Assert.IsFalse(result.Facts.Any(f => f.Name == "region_3_area"));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 2)]
    [DataRow(8, 4)]
    public void SameBits_AtAnyBatchAndThreads(int batch, int threads)
    {
        AttributionResult expected = Run(1, 1), found = Run(batch, threads);

        TensorAssert.SameBits(expected.Values, found.Values, "the map");
        CollectionAssert.AreEqual(expected.Facts.ToArray(), found.Facts.ToArray());
        Assert.IsGreaterThan(0, Number(expected, "regions_found"));

        static AttributionResult Run(int batch, int threads)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            using var explainer = new Explainer(TinyNets.Vgg(), backend, new ExplainerOptions { Batch = batch });
            int top = explainer.Predict(Requests.RandomInput(explainer.Network, 1))[0].Class;
            AttributionRequest request = Requests.Of(explainer, "sufficient", new ClassTarget(top), "passes", "300");
            return AttributionCatalog.All.Find("sufficient").Explain(request);
        }
    }

    [TestMethod]
    public void FillThatGivesTheClass_IsSaid()
    {
        AttributionResult result = Explain(BlockNet((6, 5), threshold: -1), White);

        Assert.AreEqual(0, Number(result, "regions_found"));
        Assert.StartsWith("map is empty: class 0 is the top one with the fill alone", result.Diagnosis.Single());
    }

    [TestMethod]
    public void ClassThatNoPartGives_IsSaid()
    {
        AttributionResult result = Explain(BlockNet((6, 5), threshold: 1000), White);

        Assert.AreEqual(0, Number(result, "regions_found"));
        Assert.StartsWith("map is empty: no part of the image that was tried is enough", result.Diagnosis.Single());
    }

    [TestMethod]
    public void Share_OfAProbability_IsKept()
    {
        AttributionResult little = Explain(BlockNet((6, 5), threshold: 47.5), White, "share", "0.05");
        AttributionResult most = Explain(BlockNet((6, 5), threshold: 47.5), White, "share", "1");

        Assert.IsGreaterThanOrEqualTo(0.05 * little.Probability, Number(little, "region_1_probability"));
        Assert.IsLessThan(Number(most, "region_1_area"), Number(little, "region_1_area"), "a part of the block is enough for a part of it");
        Assert.AreEqual(most.Probability, Number(most, "region_1_probability"));
    }

    [TestMethod]
    public void Passes_BoundTheSearch()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend, new ExplainerOptions { Batch = 1 });
        AttributionMethod method = AttributionCatalog.All.Find("sufficient");
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(0), "passes", "60", "share", "0.9", "regions", "2");

        AttributionResult result = method.Explain(request);

        // The whole of what is left may be run beyond the bound, once a search.
        Assert.IsLessThanOrEqualTo(60.0 + 3, Number(result, "search_passes"));
        Assert.IsLessThanOrEqualTo(method.EstimatedWork(request).Forward + 4, result.Work.Forward);
        Assert.AreEqual(0, result.Work.Backward);
    }

    [TestMethod]
    public void Images_AreWhatTheNetworkSaw()
    {
        AttributionResult result = Explain(BlockNet((6, 5), threshold: 47.5), White);

        CollectionAssert.AreEqual(
            (string[])["regions", "region-1", "crop-1", "counterfactual"], result.Images.Select(i => i.Name).ToArray());
        RgbImage region = result.Images[1].Image, crop = result.Images[2].Image;
        for (int i = 0; i < Size * Size; i++)
        {
            Assert.AreEqual(IsIn(i, 6, 5) ? 255 : 0, region.Pixels[3 * i]);
            Assert.AreEqual(255, crop.Pixels[3 * i], "a part of a white image");
        }
    }

    [TestMethod]
    [DataRow("share", "0", "expected a number above 0 and up to 1, or auto")]
    [DataRow("share", "1.5", "expected a number above 0 and up to 1, or auto")]
    [DataRow("cell", "17", "expected at most 16")]
    public void Values_ThatMeanNothing_AreRefused(string option, string value, string expected) => Assert.Contains(
        expected,
        Assert.ThrowsExactly<InputException>(() => Explain(BlockNet((6, 5), 47.5), White, option, value)).Message);

    private static bool IsIn(int pixel, int top, int left) =>
        pixel / Size >= top && pixel / Size < top + 4 && pixel % Size >= left && pixel % Size < left + 4;

    private static Network BlockNet((int Y, int X) at, double threshold) =>
        LinearNet.OfPixels(Size, (_, y, x) => IsIn((y * Size) + x, at.Y, at.X) ? 1 : 0, threshold);

    private static NetworkInput White { get; } = LinearNet.Image(Size, (_, _) => (255, 255, 255));

    private static object Fact(AttributionResult result, string name) => result.Facts.Single(f => f.Name == name).Value;

    private static double Number(AttributionResult result, string name) =>
        Convert.ToDouble(Fact(result, name), CultureInfo.InvariantCulture);

    private static string Text(AttributionResult result, string name) => (string)Fact(result, name);

    private static AttributionResult Explain(Network network, NetworkInput input, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        AttributionMethod method = AttributionCatalog.All.Find("sufficient");
        string[] all = [.. s_brief.Chunk(2).Where(o => !options.Contains(o[0])).SelectMany(o => o), .. options, "passes", "3000"];
        return method.Explain(new AttributionRequest(
            explainer, input, new ClassTarget(0), method.Configure(all.Chunk(2).ToDictionary(o => o[0], o => o[1]))));
    }
}
