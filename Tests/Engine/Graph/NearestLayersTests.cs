using Interp.Engine.Graph;

namespace Interp.Tests.Engine.Graph;

[TestClass]
public sealed class NearestLayersTests
{
    /// <summary>VGG16's names.</summary>
    private static readonly string[] s_layers =
        ["input", .. Enumerable.Range(0, 31).Select(i => $"features.{i}"), "avgpool", "flatten", .. Enumerable.Range(0, 7)
            .Select(i => $"classifier.{i}")];

    [TestMethod]
    [DataRow("28", "features.28")]
    [DataRow("feature.28", "features.28")]
    [DataRow("features[28]", "features.28")]
    [DataRow("model.features.28", "features.28")]
    [DataRow("module.features[28]", "features.28")]
    [DataRow("-1", "classifier.6", "features.30")]
    [DataRow("features[-1]", "features.30")]
    [DataRow("features.-3", "features.28")]
    [DataRow("classifier.-1", "classifier.6")]
    [DataRow("5", "features.5", "classifier.5")]
    [DataRow("featurs.12", "features.12")]
    [DataRow("40", "features.30", "features.29", "features.28")]
    [DataRow("features.99", "features.30", "features.29", "features.28")]
    [DataRow("avg_pool", "avgpool")]
    public void To_WhatUsersWrite_NamesWhatTheyMean(string name, params string[] expected)
    {
        string[] near = [.. NearestLayers.To(name, s_layers)];

        Assert.HasCount(3, near);
        CollectionAssert.AreEquivalent(expected, near.Take(expected.Length).ToArray(), string.Join(", ", near));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(".")]
    [DataRow("-2147483648")]
    [DataRow("-99")]
    [DataRow("99999999999999")]
    public void To_Anything_NamesThree(string name) => Assert.HasCount(3, NearestLayers.To(name, s_layers).ToArray());

    [TestMethod]
    public void To_FromTheEndWithoutGroups_IsThatLayer() => Assert.AreEqual("fc", NearestLayers.To("-1", ["input", "conv", "fc"]).First());
}
