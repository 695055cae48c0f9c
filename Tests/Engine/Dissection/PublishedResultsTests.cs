using System.Globalization;
using Interp.Engine.Dissection;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Dissection;

/// <summary>The original program's published counts of ResNet-50 and ResNet-18: this program's score gives its numbers.</summary>
[TestClass]
public sealed class PublishedResultsTests
{
    [TestMethod]
    [DataRow("resnet50_imagenet_layer1", 61, 20)]
    [DataRow("resnet50_imagenet_layer2", 62, 19)]
    [DataRow("resnet50_imagenet_layer3", 276, 76)]
    [DataRow("resnet50_imagenet_layer4", 1355, 186)]
    [DataRow("resnet50_imagenet_fc", -1, -1)]
    [DataRow("resnet18_places365_layer1", -1, -1)]
    [DataRow("resnet18_places365_layer4", 434, 187)]
    [DataRow("resnet18_places365_fc", -1, -1)]
    public void Iou_OfPublishedCounts_IsThePublishedOne(string name, int detectors, int unique)
    {
        string[] lines = File.ReadAllLines(SharedFolder.Find($"data/netdissect-csv/{name}.csv"));
        string[] columns = lines[0].Split(',');
        string[] categories = [.. columns.Where(c => c.EndsWith("-iou", StringComparison.Ordinal)).Select(c => c[..^4])];
        (int rows, double largest) = (0, 0);
        var labels = new List<string>();
        foreach (string[] cells in lines.Skip(1).Select(l => l.Split(',')))
        {
            Assert.HasCount(columns.Length, cells);
            foreach (string category in categories)
            {
                var overlap = new Overlap(Count("intersect"), Count("truth"), Count("activation"), long.MaxValue);
                double published = double.Parse(cells[Array.IndexOf(columns, $"{category}-iou")], CultureInfo.InvariantCulture);
                if (published == 0 && cells[Array.IndexOf(columns, $"{category}-label")].Length == 0)
                {
                    continue; // The program found no concept there, and wrote no score.
                }

                largest = Math.Max(largest, Math.Abs(DissectionScore.Iou.Of(overlap) - published));
                rows++;

                long Count(string what) => long.Parse(cells[Array.IndexOf(columns, $"{category}-{what}")], CultureInfo.InvariantCulture);
            }

            if (double.Parse(cells[3], CultureInfo.InvariantCulture) > new DissectionOptions().Threshold)
            {
                labels.Add(cells[2]);
            }
        }

        Assert.IsGreaterThan(0.98 * categories.Length * (lines.Length - 1), rows, "cells without a concept are few");
        Assert.IsLessThan(1e-7, largest, "the published numbers have nine digits");
        if (detectors >= 0)
        {
            Assert.HasCount(detectors, labels);
            Assert.AreEqual(unique, labels.Distinct().Count());
        }
    }

    /// <summary>Two tables by hand: perfect agreement is 1, independence 0; and a mask that avoids the concept is no detector.</summary>
    [TestMethod]
    public void Overlap_OfTablesByHand_HasTheirScores()
    {
        Assert.AreEqual(1.0, new Overlap(10, 10, 10, 100).InformationQuality, 1e-12);
        Assert.AreEqual(0.0, new Overlap(10, 20, 50, 100).InformationQuality, 1e-12);
        Assert.AreEqual(0.0, new Overlap(0, 10, 10, 100).InformationQuality);
        Assert.AreEqual(0.0, default(Overlap).InformationQuality);
        // p = .2 both, .1 mask alone, .1 truth alone, .6 neither: I = 0.1808..., H = 1.0889...
        double information = (0.2 * Math.Log(0.2 / 0.09)) + (2 * 0.1 * Math.Log(0.1 / 0.21)) + (0.6 * Math.Log(0.6 / 0.49));
        double entropy = -((0.2 * Math.Log(0.2)) + (2 * 0.1 * Math.Log(0.1)) + (0.6 * Math.Log(0.6)));
        var overlap = new Overlap(20, 30, 30, 100);
        Assert.AreEqual(information / entropy, overlap.InformationQuality, 1e-12);
        Assert.AreEqual(0.5, overlap.Iou);
        Assert.AreEqual(2.0 / 3, overlap.Precision, 1e-12);
        Assert.AreEqual(2.0 / 3 / 0.3, overlap.Lift, 1e-12);
        Assert.AreEqual(1.0, overlap.Ceiling);
        Assert.AreEqual(0.25, new Overlap(5, 20, 5, 100).Ceiling);
    }
}
