using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Tests.Engine.Models;

[TestClass]
public sealed class LabelsTests
{
    private static readonly Labels s_labels = new(
        ["tabby, tabby cat", "tiger cat", "Egyptian cat", "tiger, Panthera tigris", "goldfish, Carassius auratus"]);

    [TestMethod]
    [DataRow("2", 2)]
    [DataRow("tiger cat", 1)]
    [DataRow("TIGER CAT", 1)]
    [DataRow("tiger", 3)]
    [DataRow("tabby", 0)]
    [DataRow("Egypt", 2)]
    [DataRow("goldfish, Carassius auratus", 4)]
    [DataRow(" carassius ", 4)]
    public void Find_IdLabelNameOrPart_GivesTheClass(string text, int expected) => Assert.AreEqual(expected, s_labels.Find(text));

    [TestMethod]
    [DataRow("5", "class 5: expected 0 to 4")]
    [DataRow("-1", "class -1: expected 0 to 4")]
    [DataRow("cat", "class 'cat' is ambiguous, 3 labels match: 0 = tabby, tabby cat; 1 = tiger cat; 2 = Egyptian cat; give an id")]
    [DataRow("goldfsh", "no class is called 'goldfsh': nearest are 4 = goldfish, Carassius auratus;")]
    [DataRow("", "no class is called ''")]
    public void Find_NothingOrSeveral_SaysWhatThereIs(string text, string message) =>
        Assert.StartsWith(message, Assert.ThrowsExactly<InputException>(() => s_labels.Find(text)).Message);
}
