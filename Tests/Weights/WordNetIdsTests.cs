using Interp.Engine.Models;
using Interp.Weights;

namespace Interp.Tests.Weights;

[TestClass]
public sealed class WordNetIdsTests
{
    [TestMethod]
    [DataRow("n01443537", true)]
    [DataRow("n0144353", false)]
    [DataRow("goldfish", false)]
    public void IsOne_LooksAtTheForm(string text, bool expected) => Assert.AreEqual(expected, WordNetIds.IsOne(text));

    [TestMethod]
    public void ClassOf_AModelWithSomeClasses_GoesByTheLabel()
    {
        var labels = new Labels(["tabby, tabby cat", "goldfish, Carassius auratus", "crane"]);

        Assert.AreEqual(1, WordNetIds.ClassOf("n01443537", labels));
        Assert.AreEqual(2, WordNetIds.ClassOf("n03126707", labels), "the machine; the bird has the same label");
        Assert.IsNull(WordNetIds.ClassOf("n01440764", labels), "a tench");
        Assert.IsNull(WordNetIds.ClassOf("n99999999", labels));
    }
}
