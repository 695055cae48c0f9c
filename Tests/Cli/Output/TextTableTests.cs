using Interp.Cli.Output;

namespace Interp.Tests.Cli.Output;

[TestClass]
public sealed class TextTableTests
{
    [TestMethod]
    public void Lines_AreAlignedAndCarryNoTrailingSpaces()
    {
        var table = new TextTable("layer", "size#", "note");
        table.Add("a", "5", "");
        table.Add("longer", "1234", "x");

        CollectionAssert.AreEqual(
            (string[])[
                "LAYER   SIZE  NOTE",
                "a          5",
                "longer  1234  x",
            ],
            table.Lines().ToArray());
    }

    [TestMethod]
    public void ControlCharacters_AreSpaces()
    {
        var table = new TextTable("name", "n#");
        table.Add("a\nb\u001b[31mc", "1");

        CollectionAssert.AreEqual((string[])["NAME       N", "a b [31mc  1"], table.Lines().ToArray());
    }

    [TestMethod]
    [DataRow(0.5, "50.00 %")]
    [DataRow(0.999999, "100.00 %")]
    [DataRow(0.00001, "1.0e-3 %")]
    [DataRow(0.0, "0.00 %")]
    [DataRow(double.NaN, "NaN")]
    public void Percent_Numbers_AreShort(double probability, string text) => Assert.AreEqual(text, Readable.Percent(probability));

    [TestMethod]
    [DataRow(0.0, "0")]
    [DataRow(-0.04511, "-0.0451")]
    [DataRow(1234.5, "1234.5")]
    [DataRow(0.0000012, "1.2e-6")]
    [DataRow(-0.0000012, "-1.2e-6")]
    public void Number_Values_AreShortAndNeverZeroUnlessTheyAre(double value, string text) => Assert.AreEqual(text, Readable.Number(value));
}
