using Interp.Cli.Output;

namespace Interp.Tests.Cli.Output;

[TestClass]
public sealed class OutputNamesTests
{
    [TestMethod]
    public void Take_SameStems_AreNumbered()
    {
        var names = new OutputNames();

        string[] taken = [
            names.Take("a/cat.jpg", null), names.Take("b/cat.png", null), names.Take("cat-2.png", null), names.Take("CAT.gif", null)];

        CollectionAssert.AreEqual((string[])["cat", "cat-2", "cat-2-2", "CAT-3"], taken);
    }

    [TestMethod]
    public void Take_PartsOfABatch_CarryTheirIndex()
    {
        var names = new OutputNames();

        Assert.AreEqual("x-0", names.Take("x.npy", 0));
        Assert.AreEqual("x-1", names.Take("x.npy", 1));
    }

    [TestMethod]
    [DataRow("photos/..png", "..png")]
    [DataRow("photos/...png", "...png")]
    [DataRow("photos/....", "....")]
    [DataRow("photos/report.html.png", "report.html-2")]
    [DataRow("photos/cat..png", "cat.")]
    public void Take_NameThatWouldLeadElsewhere_StaysInTheFolder(string path, string expected)
    {
        string name = new OutputNames().Take(path, null);

        Assert.AreEqual(expected, name);
        Assert.AreEqual("/out", Path.GetDirectoryName(Path.GetFullPath(Path.Combine("/out", name))));
    }

    [TestMethod]
    public void Take_NameThatIsOnlyAnExtension_IsKept() => Assert.AreEqual(".png", new OutputNames().Take("photos/.png", null));
}
