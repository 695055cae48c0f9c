using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Dissection;

namespace Interp.Tests.Engine.Dissection;

/// <summary>Units whose masks and labels are known by hand.</summary>
[TestClass]
public sealed class PlantedUnitsTests
{
    private const int Red = 0, Blue = 1, Green = 2, Nothing = 3;
    private static readonly DissectionOptions s_options = new()
    {
        Quantile = PlantedUnits.Share,
        LabelSize = PlantedUnits.Size,
        Permutations = 60,
    };

    [TestMethod]
    public void Run_OfPlantedUnits_GivesTheirIoU()
    {
        Interp.Engine.Dissection.Dissection d = Dissect(s_options);

        Assert.AreEqual("red", d.LabelOf(d.Units[Red])!.Concept.Name);
        Assert.AreEqual(1.0, d.Units[Red].Overlap.Iou);
        Assert.AreEqual(1.0, d.Units[Red].Overlap.Precision);
        Assert.AreEqual(1.0, d.Units[Red].Overlap.Recall);
        Assert.AreEqual(1 / PlantedUnits.Share, d.Units[Red].Overlap.Lift, 1e-12);
        Assert.AreEqual("red", d.LabelOf(d.Units[Blue])!.Concept.Name);
        Assert.AreEqual(1.0 / 3, d.Units[Blue].Overlap.Iou, 1e-12, "half of the square lies on the other");
        Assert.AreEqual("top", d.LabelOf(d.Units[Green])!.Concept.Name);
        Assert.AreEqual(PlantedUnits.Share, d.Units[Red].MaskShare, 1e-12);
        Assert.AreEqual(0f, d.Units[Red].Threshold);
        Assert.IsTrue(d.Units[Red].IsSparse);
    }

    [TestMethod]
    public void Run_OfABandInAWiderConcept_ReachesTheCeiling()
    {
        Interp.Engine.Dissection.Dissection d = Dissect(s_options);
        CategoryLabel wide = d.Units[Green].ByCategory.Single(c => c.Category == "size");

        Assert.AreEqual(0.5, wide.Overlap.Ceiling, 1e-12, "masks of 64 places, a concept of 128");
        Assert.AreEqual(0.5, wide.Overlap.Iou, 1e-12);
        Assert.AreEqual((float)wide.Overlap.Iou, d.Iou[(Green * d.Concepts.Length) + wide.Concept]);
    }

    [TestMethod]
    public void Run_OfAUnitThatIsNeverActive_SaysSo()
    {
        UnitDissection dead = Dissect(s_options).Units[Nothing];

        Assert.IsTrue(dead.IsDead);
        Assert.AreEqual(-1, dead.Concept);
        Assert.AreEqual(1.0, dead.P);
        Assert.IsTrue(double.IsNaN(dead.PPlace));
        Assert.IsFalse(dead.IsDetector);
    }

    /// <summary>The green band is in the same place in all images: exchanging them changes nothing, moving the labels does.</summary>
    [TestMethod]
    public void Run_OfABandInAllImages_KnowsThePlaceButNotTheImage()
    {
        Interp.Engine.Dissection.Dissection d = Dissect(s_options);

        Assert.AreEqual(1.0, d.Units[Green].P);
        Assert.AreEqual(1.0 / 61, d.Units[Green].PPlace, 1e-12);
        Assert.AreEqual(1.0 / 61, d.Units[Red].P, 1e-12);
        Assert.IsTrue(d.Units[Red].IsSignificant);
        Assert.IsFalse(d.Units[Green].IsSignificant);
        Assert.AreEqual(3, d.Counts.Detectors);
        Assert.IsGreaterThan(1.0, d.Counts.ExpectedByChance, "the band is a detector in every permutation");
    }

    [TestMethod]
    public void Run_WithFewImages_LeavesRareConceptsOutAndCountsThem()
    {
        Interp.Engine.Dissection.Dissection d = Dissect(s_options with { MinImages = PlantedUnits.Images });

        Assert.AreEqual(0, d.LeftOut);
        Interp.Engine.Common.InputException e = Assert.ThrowsExactly<Interp.Engine.Common.InputException>(
            () => Dissect(s_options with { MinImages = PlantedUnits.Images + 1 }));
        StringAssert.Contains(e.Message, "none of 3 concepts is in 11 images or more");
    }

    [TestMethod]
    public void Run_WithoutPermutations_HasNoStatistics()
    {
        Interp.Engine.Dissection.Dissection d = Dissect(s_options with { Permutations = 0 });

        Assert.IsTrue(double.IsNaN(d.Units[Red].P));
        Assert.IsTrue(double.IsNaN(d.Counts.ExpectedByChance));
        Assert.AreEqual(0, d.Counts.Significant);
        Assert.AreEqual(3, d.Counts.Detectors);
    }

    [TestMethod]
    public void Run_OfTwoChannels_GivesTheSameAsAll()
    {
        Interp.Engine.Dissection.Dissection all = Dissect(s_options), some = Dissect(s_options with { Channels = [Blue, Green] });

        CollectionAssert.AreEqual(new[] { Blue, Green }, some.Units.Select(u => u.Channel).ToArray());
        CollectionAssert.AreEqual(all.Iou[3..9], some.Iou);
    }

    /// <summary>Examples are the images that excite a unit most, with its mask in each.</summary>
    [TestMethod]
    public void Run_Examples_ShowTheMask()
    {
        UnitDissection red = Dissect(s_options).Units[Red];

        Assert.HasCount(5, red.Examples);
        DissectedExample first = red.Examples[0];
        Assert.AreEqual("image-0", first.Name, "all are alike, so the first comes first");
        Assert.AreEqual(64, first.Mask.Count);
        Assert.IsTrue(first.Mask[4, 2]);
        Assert.IsFalse(first.Mask[3, 2]);
    }

    /// <summary>Where nothing is known does not count: with half of every square unknown, the other half decides.</summary>
    [TestMethod]
    public void Run_WithUnknownPlaces_LeavesThemOut()
    {
        ListedLabels labels = PlantedUnits.WithUnknown;
        Interp.Engine.Dissection.Dissection d = Dissect(s_options, labels);

        Overlap red = d.Units[Red].Overlap;
        Assert.AreEqual(1.0, red.Iou);
        Assert.AreEqual(PlantedUnits.Images * 32, red.Truth);
        Assert.AreEqual(PlantedUnits.Images * 32, red.Mask);
        Assert.AreEqual(PlantedUnits.Images * (1024 - 32), red.Known);
    }

    /// <summary>Masks of images without a label of the category count where they are asked to.</summary>
    [TestMethod]
    public void Run_WithImagesWithoutLabels_CountsTheirMasksIfAsked()
    {
        ListedLabels labels = PlantedUnits.WithUnlabelled;
        Overlap category = Dissect(s_options, labels).Units[Red].Overlap;
        Overlap all = Dissect(s_options with { Denominator = MaskShare.All }, labels).Units[Red].Overlap;

        Assert.AreEqual(1.0, category.Iou);
        Assert.AreEqual((PlantedUnits.Images - 1) * 64, category.Mask);
        Assert.AreEqual(PlantedUnits.Images * 64, all.Mask);
        Assert.AreEqual((PlantedUnits.Images - 1.0) / PlantedUnits.Images, all.Iou, 1e-12);
    }

    private static Interp.Engine.Dissection.Dissection Dissect(DissectionOptions options, ListedLabels? labels = null)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(PlantedUnits.Net, backend, new ExplainerOptions { Backward = false });
        return Dissector.Run(explainer, [PlantedUnits.Net.Find("relu")], labels ?? PlantedUnits.Labels, options)[0];
    }
}
