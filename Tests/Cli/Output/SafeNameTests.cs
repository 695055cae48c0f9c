using System.Text;
using Interp.Cli.Output;

namespace Interp.Tests.Cli.Output;

[TestClass]
public sealed class SafeNameTests
{
    [TestMethod]
    [DataRow("features.28-264", "features.28-264")]
    [DataRow("block1/conv1-3", "block1_conv1-3")]
    [DataRow("../../etc/passwd", ".._.._etc_passwd")]
    [DataRow("a\0b", "a_b")]
    [DataRow("a\nb\u001b[31m", "a_b_[31m")]
    [DataRow("", "_")]
    [DataRow(".", "_")]
    [DataRow("..", "__")]
    [DataRow("...", "...")]
    [DataRow("Katze 猫 🐈", "Katze 猫 🐈")]
    public void Of_AnyText_IsOneNameInTheFolder(string text, string expected)
    {
        Assert.AreEqual(expected, SafeName.Of(text));
        Assert.AreEqual("/out", Path.GetDirectoryName(Path.GetFullPath(Path.Combine("/out", SafeName.Of(text)))));
    }

    [TestMethod]
    public void Of_LongText_IsCutBetweenCharactersAndStaysDifferent()
    {
        string first = SafeName.Of(new string('猫', 100) + "a"), second = SafeName.Of(new string('猫', 100) + "b");

        Assert.IsLessThanOrEqualTo(200, Encoding.UTF8.GetByteCount(first));
        Assert.StartsWith(new string('猫', 60), first);
        Assert.AreNotEqual(first, second);
        Assert.AreEqual(first, SafeName.Of(first), "a name is its own name");
    }
}
