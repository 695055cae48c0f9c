using Interp.Engine.Common;

namespace Interp.Tests.Engine.Common;

[TestClass]
public sealed class CatalogTests
{
    private static readonly Catalog<Uri> Sites = new("site", u => u.Host, new Uri("http://one"), new Uri("http://two"));

    [TestMethod]
    public void Find_Name_IgnoresCase() => Assert.AreSame(Sites[1], Sites.Find("TWO"));

    [TestMethod]
    public void Find_UnknownName_ListsTheEntries() =>
        Assert.AreEqual("unknown site 'three': expected one of one, two",
        Assert.ThrowsExactly<InputException>(() => Sites.Find("three")).Message);

    [TestMethod]
    public void Enumeration_Always_KeepsTheOrder()
    {
        CollectionAssert.AreEqual((string[])["one", "two"], Sites.Select(u => u.Host).ToArray());
        CollectionAssert.AreEqual((string[])["one", "two"], Sites.Names.ToArray());
        Assert.HasCount(2, Sites);
    }
}
