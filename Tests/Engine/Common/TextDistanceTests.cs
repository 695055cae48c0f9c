using Interp.Engine.Common;

namespace Interp.Tests.Engine.Common;

[TestClass]
public sealed class TextDistanceTests
{
    [TestMethod]
    [DataRow("kitten", "sitting", 3)]
    [DataRow("flaw", "lawn", 2)]
    [DataRow("", "abc", 3)]
    [DataRow("abc", "", 3)]
    [DataRow("Guided", "gUIDED", 0)]
    [DataRow("features.28", "features.82", 2)]
    public void Between_KnownPairs_IsTheEditDistance(string a, string b, int expected)
    {
        Assert.AreEqual(expected, TextDistance.Between(a, b));
        Assert.AreEqual(expected, TextDistance.Between(b, a));
    }
}
