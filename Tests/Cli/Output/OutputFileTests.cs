using Interp.Cli.Output;
using Interp.Engine.Common;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Output;

[TestClass]
public sealed class OutputFileTests
{
    [TestMethod]
    public void Write_ThatFails_LeavesTheOldFileAndNothingElse()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["a.txt"], "old");

        Assert.ThrowsExactly<OutputException>(() => OutputFile.Write(scratch["a.txt"], "--out", s =>
        {
            s.WriteByte(1);
            throw new IOException("disk full");
        }));

        Assert.AreEqual("old", File.ReadAllText(scratch["a.txt"]));
        CollectionAssert.AreEqual((string[])["a.txt"], TemporaryFolder.FilesBelow(scratch.Root));
    }

    [TestMethod]
    public void Write_ThatIsCancelled_LeavesNothing()
    {
        using var scratch = new TemporaryFolder();

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            OutputFile.Write(scratch["a.txt"], "--out", _ => throw new OperationCanceledException()));

        Assert.IsEmpty(TemporaryFolder.FilesBelow(scratch.Root));
    }

    [TestMethod]
    public void Write_OverALink_ReplacesWhatItPointsTo()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["target"], "old");
        File.CreateSymbolicLink(scratch["link"], scratch["target"]);

        OutputFile.Write(scratch["link"], "--out", s => s.Write("new"u8));

        Assert.AreEqual("new", File.ReadAllText(scratch["target"]));
        Assert.IsNotNull(new FileInfo(scratch["link"]).LinkTarget);
    }

    [TestMethod]
    public void Write_ToADevice_DoesNotReplaceIt()
    {
        if (!File.Exists("/dev/null"))
        {
            Assert.Inconclusive("this system has no /dev/null");
        }

        OutputFile.Write("/dev/null", "--out", s => s.Write("gone"u8));

        Assert.AreEqual("", File.ReadAllText("/dev/null"));
    }
}
