using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Common;
using Interp.Engine.Rules;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class OptionValuesTests
{
    private static readonly AttributionMethod Vanilla = AttributionCatalog.All.Find("vanilla");

    [TestMethod]
    public void Configure_Nothing_GivesDefaults() =>
        CollectionAssert.AreEqual(
            (KeyValuePair<string, string>[])
            [new("relu-rule", "vanilla"), new("rule-activations", "relu"), new("smooth", "0"), new("noise", "0.15")],
            Vanilla.Configure().Texts.ToArray());

    [TestMethod]
    public void Configure_UnknownName_SaysWhichThereAre()
    {
        InputException e = Assert.ThrowsExactly<InputException>(
            () => Vanilla.Configure(new Dictionary<string, string> { ["steps"] = "5" }));

        Assert.Contains("option 'steps'", e.Message);
        Assert.Contains("option 'relu-rule'", e.Message);
    }

    [TestMethod]
    public void Configure_UnknownValue_NamesOptionAndChoices()
    {
        InputException e = Assert.ThrowsExactly<InputException>(
            () => Vanilla.Configure(new Dictionary<string, string> { ["relu-rule"] = "leaky" }));

        Assert.StartsWith("option 'relu-rule'", e.Message);
        Assert.Contains("vanilla, deconvnet, guided", e.Message);
    }

    [TestMethod]
    public void Get_OptionOfAnotherMethod_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => Vanilla.Configure().Get(new ReluRuleOption(ReluRules.Guided).Rule));
}
