using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Cpu;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Perturbation;

[TestClass]
public sealed class RiseTests
{
    [TestMethod]
    [DataRow("false", "rise.npy")]
    [DataRow("true", "rise-mask-sum.npy")]
    public void NarrowVgg_OddSize_MatchesPyTorch(string maskSum, string golden)
    {
        using var narrow = new NarrowVgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(narrow.Network, backend);

        AttributionResult result = narrow.Explain(explainer, "rise", "samples", "40", "cells", "5", "keep", "0.4", "mask-sum", maskSum);

        TensorAssert.RelativeL2(Golden.Array("perturbation", golden).Values, result.Values, 1e-5, "probabilities from float32 logits");
    }

    [TestMethod]
    public void BoxSum_MaximumIsInsideTheBox()
    {
        const int Size = 28;
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(LinearNet.OfPixels(Size, (_, y, x) => InBox(y, x) ? 1 : 0), backend);
        AttributionMethod rise = AttributionCatalog.All.Find("rise");
        NetworkInput input = LinearNet.Image(Size, (_, _) => (255, 255, 255));

        AttributionRequest request = Requests.Of(explainer, rise, new ClassTarget(0), "score", "target", "samples", "500");
        AttributionResult result = rise.Explain(request with { Input = input });

        (int y, int x) = Math.DivRem(Array.IndexOf(result.Values, result.Maximum), Size);
        Assert.IsTrue(InBox(y, x), $"the maximum is at {y},{x}");
        Assert.AreEqual("logit of class 0", result.Facts.First(f => f.Name == "weighed_by").Value);

        static bool InBox(int y, int x) => y is >= 8 and < 14 && x is >= 14 and < 22;
    }

    [TestMethod]
    public void Batches_OfAnySize_GiveTheSameBits()
    {
        using var backend = new ReferenceBackend();
        float[] one = Run(1), three = Run(3);

        TensorAssert.SameBits(one, three, "masks and sums do not know of batches");

        float[] Run(int batch)
        {
            using var explainer = new Explainer(TinyNets.Vgg(), backend, new ExplainerOptions { Batch = batch });
            return AttributionCatalog.All.Find("rise").Explain(Requests.Of(explainer, "rise", new ClassTarget(2), "samples", "7")).Values;
        }
    }

    [TestMethod]
    public void Masks_KeepTheirShareOfTheImage()
    {
        var masks = new RiseMasks(3, 7, 0.3, (30, 45));
        double sum = 0;
        for (int i = 0; i < 400; i++)
        {
            float[] mask = masks[i];
            Assert.HasCount(30 * 45, mask);
            Assert.IsTrue(mask.All(m => m is >= 0 and <= 1));
            sum += mask.Average();
        }

        Assert.AreEqual(0.3, sum / 400, 0.02, "some 40 independent cells in each of 400 masks: standard error 0.004");
        CollectionAssert.AreEqual(masks[5], new RiseMasks(3, 7, 0.3, (30, 45))[5]);
        CollectionAssert.AreNotEqual(masks[5], new RiseMasks(4, 7, 0.3, (30, 45))[5]);
    }

    [TestMethod]
    public void SplitHalves_Correlation_IsPearsons()
    {
        var sums = new MaskSums(3);
        sums.Add([1, 0, 0.5f], 2);
        sums.Add([0, 1, 0.5f], 1);
        Assert.AreEqual(-1, sums.SplitHalfCorrelation(), 1e-12, "float64 rounding: (2, 0, 1) against (0, 1, ½)");
        CollectionAssert.AreEqual((float[])[1, 0.5f, 0.75f], sums.Over(2));
        CollectionAssert.AreEqual((float[])[2, 1, 1.5f], sums.OverMasks());
    }
}
