using Interp.Engine.LabelSets.Reading;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>Both spellings of a letter with a mark are one; the expected strings are Python's <c>unicodedata.normalize("NFC", …)</c>.
/// </summary>
[TestClass]
public sealed class CompositionTests
{
    [TestMethod]
    [DataRow("Ba\u0308r", "B\u00e4r")]
    [DataRow("e\u0302\u0301", "\u1ebf")]
    [DataRow("\u0438\u0306 \u03b1\u0301", "\u0439 \u03ac")]
    [DataRow("\u304b\u3099\u306f\u309a", "\u304c\u3071")]
    [DataRow("\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00")]
    [DataRow("x\u0308", "\u1e8d")]
    [DataRow("q\u0308", "q\u0308")]
    [DataRow("\u0308a", "\u0308a")]
    [DataRow("\ud55c\ud83d\ude00", "\ud55c\ud83d\ude00")]
    public void Compose_LettersAndMarks_AreOneCharacterWhereThereIsOne(string text, string expected) =>
        Assert.AreEqual(expected, Composition.Compose(text));
}
