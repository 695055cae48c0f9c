using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Weights.Architectures;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

/// <summary>Which layers without parameters are max-pools: the rule, and what is said of it.</summary>
[TestClass]
public sealed class VggPoolsTests
{
    /// <summary>Widths of convolutions; -1 is a dropout, 0 a pool or whatever else leaves a gap.</summary>
    [TestMethod]
    [DataRow("4 0 6 0", "2 5", "where the numbering has gaps, and at the end; a dropout leaves the same gap: option 'pools' 2 or the like")]
    [DataRow("4 0 4 0", "2 5", "option 'pools' 5 or the like")]
    [DataRow("4 6 0", "4",
        "a 2x2 max-pool, features.4, ends the features, which the names do not show; option 'pools' none if there is none")]
    [DataRow("2 0 4 0 8 8 0 16 16 0 16 16 0", "2 5 10 15 20", "as in VGG11")]
    [DataRow("2 0 4 0 8 -1 8 0 16 -1 16 0 16 -1 16 0", "2 5 11 17 23", "as in VGG11; dropouts, which do nothing: features.8, 14, 20, "
        + "where VGG11 has no pool")]
    [DataRow("2 0 4 0 8 8 0 16 16 16 16 0", "2 5 10 19", "where the numbering has gaps")]
    [DataRow("2 0 4 0 8 8 0 16 16 0 16 15 0", "2 5 10 15 20", "where the numbering has gaps")]
    public void Pools_WithoutAWord_FollowTheRule(string layout, string pools, string said)
    {
        ModelPlan plan = Plan(layout, null);

        Assert.AreEqual(pools, Indices<MaxPool2d>(plan));
        Assert.Contains(said, plan.Assumptions.Single(a => a.Contains("max-pool", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("4 0 6 0", "5", "5", "2")]
    [DataRow("4 0 6 0", "2", "2", "")]
    [DataRow("4 0 6 0", "", "", "2")]
    [DataRow("4 0 6 0", "5,2", "2 5", "")]
    [DataRow("4 0 -1 6 0", "2", "2", "3")]
    [DataRow("4 0 -1 6 0", "3,7", "3 7", "2 6")]
    [DataRow("4 0 6 0", "1,4", "1 4", "")]
    public void Pools_AsTheUserSays_TheOthersAreDropouts(string layout, string given, string pools, string dropouts)
    {
        ModelPlan plan = Plan(layout, given);

        Assert.AreEqual(pools, Indices<MaxPool2d>(plan));
        Assert.AreEqual(dropouts, Indices<Dropout>(plan));
        Assert.AreEqual(2, plan.Nodes.Count(n => n.Layer is ReLU), "one behind each convolution");
    }

    [TestMethod]
    [DataRow("0", "no layer without parameters that could be one")]
    [DataRow("3", "no layer without parameters that could be one")]
    [DataRow("99", "no layer without parameters that could be one")]
    [DataRow("2,1", "the second one behind features.0")]
    [DataRow("2,2", "the second one behind features.0")]
    public void Pools_WhereNoneCanBe_AreAUsageError(string given, string found) =>
        Errors.Of<InputException>(() => Plan("4 0 6 0", given), found, "'none' or some of 2,5");

    [TestMethod]
    public void Gap_OfTwoLayers_IsAskedAboutWithTheLineToType()
    {
        string message = Errors.Of<ModelException>(() => Plan("4 0 -1 6 0", null), "found features.4", "option 'pools' 2,6",
            "numbers from 1 to 3").Message;

        Assert.Contains("say which layers are 2x2 max-pools, the others being dropouts", message);
    }

    [TestMethod]
    public void MorePoolsThanTheInputHasRoomFor_AreAskedAboutWithBothReadings() => Errors.Of<ModelException>(
        () => Plan("4 0 4 0 4 0 4 0 4 0 6 0 6 0", null, inputSize: 64),
        "features.20: a 2x2 max-pool does not fit",
        "option 'input-size' 128",
        "option 'pools' 14,20");

    [TestMethod]
    public void AveragePool_LargerThanTheMaps_IsDoubted()
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0, 6, 0], batchNorm: false, [5], pool: 9);

        string Said(int size) => ArchitectureCatalog.Plan(source.Entries, new PlanOptions { InputSize = size })
            .Assumptions.Single(a => a.Contains("average", StringComparison.Ordinal));

        Assert.Contains("of 8x8 maps, which are smaller", Said(32));
        Assert.EndsWith("of 9x9 maps", Said(36));
    }

    private static ModelPlan Plan(string layout, string? pools, int inputSize = 224)
    {
        FakeWeightSource source = StateDicts.Vgg([.. layout.Replace("-1", "0", StringComparison.Ordinal).Split(' ').Select(int.Parse)],
            batchNorm: false, [5], pool: 1);
        int[]? given = pools is null ? null : [.. pools.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        return ArchitectureCatalog.Plan(source.Entries, new PlanOptions { InputSize = inputSize, Pools = given });
    }

    private static string Indices<T>(ModelPlan plan) => string.Join(
        ' ', plan.Nodes.Where(n => n.Layer is T && n.Name.StartsWith("features.", StringComparison.Ordinal))
            .Select(n => n.Name["features.".Length..]));
}
