using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Weights;

[TestClass]
public sealed class LabelFileTests
{
    [TestMethod]
    [DataRow("l.txt", "cat\r\ndog\nbird\n\n", "cat dog bird")]
    [DataRow("l.labels", "\uFEFFcat\ndog\nbird", "cat dog bird")]
    [DataRow("l.tsv", "label\ncat\ndog\nbird\n", "cat dog bird")]
    [DataRow("l.tsv", "class\twnid\tlabel\n2\tn1\tbird\n0\tn2\tcat\n1\tn3\tdog\n", "cat dog bird")]
    [DataRow("l.tsv", "label\tindex\ncat\t0\nbird\t2\ndog\t1\n", "cat dog bird")]
    [DataRow("l.tsv", "imagenet_index\tlabel\n7\tcat\n5\tdog\n5\tbird\n", "cat dog bird")]
    public void Read_EveryForm_GivesLabelsInClassOrder(string name, string text, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], text);

        Assert.AreEqual(expected, string.Join(' ', LabelFile.Read(folder[name], 3).Names));
    }

    [TestMethod]
    [DataRow("l.txt", "cat\ndog\n", "2 labels, expected 3")]
    [DataRow("l.txt", "", "0 labels, expected 3")]
    [DataRow("l.txt", "cat\n\nbird\n", "the label of class 1 is empty")]
    [DataRow("l.txt", "cat\nd\u0007og\nbird\n", "the label of class 1")]
    [DataRow("l.tsv", "class\tname\n0\tcat\n1\tdog\n2\tbird\n", "one called 'label'")]
    [DataRow("l.tsv", "", "one called 'label'")]
    [DataRow("l.tsv", "class\tlabel\n0\tcat\n1\n2\tbird\n", "line 3 has 1 columns, expected 2")]
    [DataRow("l.tsv", "class\tlabel\n0\tcat\n0\tdog\n2\tbird\n", "line 3: class '0', expected each of 0 to 2 once")]
    [DataRow("l.tsv", "class\tlabel\n0\tcat\n1\tdog\n3\tbird\n", "line 4: class '3'")]
    [DataRow("l.tsv", "class\tlabel\n0\tcat\n-1\tdog\n2\tbird\n", "line 3: class '-1'")]
    public void Read_UnusableFile_SaysWhatIsWrong(string name, string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], text);

        Errors.Of<InputException>(() => LabelFile.Read(folder[name], 3), $"option 'labels' {folder[name]}", message);
    }

    [TestMethod]
    public void Read_MissingOrBinaryFile_IsAnInputError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["binary.txt"], [0xFF, 0xFE, 0xFD, 0x80, 0xC0]);
        File.WriteAllBytes(folder["latin.txt"], [0x63, 0xE9, 0x0A]);

        Errors.Of<InputException>(() => LabelFile.Read(folder["none.txt"], 3), folder["none.txt"]);
        Errors.Of<InputException>(() => LabelFile.Read(folder["latin.txt"], 1), "is not UTF-8 text");
        Errors.Of<InputException>(() => LabelFile.Read(folder["binary.txt"], 3), folder["binary.txt"]);
        Errors.Of<InputException>(() => LabelFile.Read(folder.Root, 3), folder.Root);
    }

    [TestMethod]
    public void Default_1000Classes_AreImageNets()
    {
        Labels labels = LabelFile.Default(1000);

        Assert.AreEqual("tench, Tinca tinca", labels[0]);
        Assert.AreEqual("Egyptian cat", labels[285]);
        Assert.AreEqual("toilet tissue, toilet paper, bathroom tissue", labels[999]);
        Assert.AreEqual("class 998", LabelFile.Default(999)[998]);
    }
}
