using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Pretrained;
using static Interp.Tests.Weights.Pretrained.TestServer;

namespace Interp.Tests.Weights.Pretrained;

[TestClass]
public sealed class DownloadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 >> 3))];
    private static readonly string Prefix = Convert.ToHexStringLower(SHA256.HashData(Content))[..8];

    [TestMethod]
    public void Run_WholeFile_GetsItsNameWhenItsHashIsRight()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, _) => Whole());
        (long, long) last = default;

        Get(server, folder, Prefix, progress: (done, total) => last = (done, total));
        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
        CollectionAssert.AreEqual((string[])["down", "down/file.pth"], folder.Everything());
        Assert.AreEqual((300_000L, 300_000L), last);
        Assert.HasCount(1, server.Requests, "what is there is not fetched again");
    }

    [TestMethod]
    public void Run_TransferThatBreaks_GoesOnFromThereWithTheSameTag()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((seen, n) => n < 3 ? Cut(seen.RangeStart ?? 0, 100_000) : Rest(seen.RangeStart!.Value));

        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
        CollectionAssert.AreEqual((long?[])[null, 100_000, 200_000], server.Requests.Select(r => r.RangeStart).ToArray());
        Assert.AreEqual("\"tag\"", server.Requests[2].IfRange);
    }

    [TestMethod]
    public void Run_PartOfAnEarlierRun_IsContinued()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["down"]);
        File.WriteAllBytes(folder["down/file.pth.part"], Content[..250_000]);
        using var server = new TestServer((seen, _) => Rest(seen.RangeStart!.Value));

        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
        Assert.AreEqual(250_000, server.Requests.Single().RangeStart);
    }

    [TestMethod]
    public void Run_ServerWithoutRanges_StartsAgain()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["down"]);
        File.WriteAllBytes(folder["down/file.pth.part"], new byte[1000]);
        using var server = new TestServer((_, _) => Whole());

        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
    }

    [TestMethod]
    [DataRow(300_000, 1, DisplayName = "the part is the whole file")]
    [DataRow(400_000, 2, DisplayName = "the part is longer than the file")]
    public void Run_RangeThatCannotBeSatisfied_ChecksThePartOrStartsAgain(int have, int requests)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["down"]);
        File.WriteAllBytes(folder["down/file.pth.part"], [.. Content, .. new byte[have - 300_000]]);
        using var server = new TestServer((seen, _) => seen.RangeStart is null
            ? Whole()
            : Answer("416 Range Not Satisfiable", [], "Content-Range: bytes */300000", "Content-Length: 0"));

        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
        Assert.HasCount(requests, server.Requests);
    }

    [TestMethod]
    public void Run_AnswerToAnotherRange_IsNotAppended()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["down"]);
        File.WriteAllBytes(folder["down/file.pth.part"], Content[..1000]);
        using var server = new TestServer((seen, _) => seen.RangeStart is null ? Whole() : Rest(500));

        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
    }

    [TestMethod]
    public void Run_WrongHash_DeletesThePartAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, _) => Whole());

        string address = server.Address.ToString();
        Errors.Of<InputException>(() => Get(server, folder, "00000000"), address, "does not start with 00000000", "deleted",
            "option 'from' FILE");

        CollectionAssert.AreEqual((string[])["down"], folder.Everything());
    }

    [TestMethod]
    public void Run_NotFound_IsAnInputErrorAtOnce()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, _) => Answer("404 Not Found", [], "Content-Length: 0"));

        Errors.Of<InputException>(() => Get(server, folder, Prefix), "answers 404 Not Found", "option 'from' FILE");

        Assert.HasCount(1, server.Requests);
    }

    [TestMethod]
    public void Run_ServerThatFailsForAWhile_IsAskedAgain()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, n) => n < 3 ? Answer("503 Service Unavailable", [], "Content-Length: 0") : Whole());

        Get(server, folder, Prefix);

        Assert.HasCount(3, server.Requests);
    }

    [TestMethod]
    public void Run_TransferThatNeverEnds_KeepsThePartAndSaysHowToGoOn()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((seen, n) => n == 1 ? Cut(0, 1000) : Answer("500 Oops", [], "Content-Length: 0"));

        Errors.Of<InputException>(() => Get(server, folder, Prefix), "interrupted after 1000 bytes", "run again", "option 'from' FILE");

        CollectionAssert.AreEqual(Content[..1000], File.ReadAllBytes(folder["down/file.pth.part"]));
    }

    [TestMethod]
    public void Run_ServerWithoutRangesThatAlwaysBreaks_EndsAfterSomeAttempts()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, n) => Cut(0, n % 2 == 0 ? 2000 : 1000));

        Errors.Of<InputException>(() => Get(server, folder, Prefix), "interrupted after");

        Assert.IsLessThan(10, server.Requests.Count);
    }

    [TestMethod]
    public void Run_NothingListens_IsAnInputError()
    {
        using var folder = new TemporaryFolder();
        Uri address;
        using (var server = new TestServer((_, _) => []))
        {
            address = server.Address;
        }

        var download = new Download(address, folder["file.pth"], Prefix) { RetryDelay = TimeSpan.FromMilliseconds(1) };

        Errors.Of<InputException>(() => download.Run(null, CancellationToken.None), $"cannot reach {address}", "option 'from' FILE");
        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Run_Cancelled_KeepsWhatCameForTheNextTime()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        using var server = new TestServer((seen, _) => seen.RangeStart is null ? Whole() : Rest(seen.RangeStart.Value));

        Assert.Throws<OperationCanceledException>(() => Get(server, folder, Prefix, (_, _) => cancel.Cancel(), cancel.Token));
        CollectionAssert.AreEqual((string[])["down", "down/file.pth.part"], folder.Everything());
        Get(server, folder, Prefix);

        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder["down/file.pth"]));
        Assert.AreEqual(2, server.Requests.Count);
    }

    [TestMethod]
    public void Run_FolderThatCannotBeWritten_IsAnOutputError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["down"], "a file");
        using var server = new TestServer((_, _) => Whole());

        Errors.Of<OutputException>(() => Get(server, folder, Prefix), folder["down"]);
    }

    [TestMethod]
    public void Fetch_PutsTheFileUnderItsName()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, _) => Whole());

        string path = new PretrainedWeights("x", $"x-{Prefix}.pth").Fetch(folder.Root, server.Address, null, CancellationToken.None);

        Assert.AreEqual(folder[$"x-{Prefix}.pth"], path);
        Assert.IsTrue(File.Exists(path));
    }

    private static void Get(
        TestServer server,
        TemporaryFolder folder,
        string prefix,
        Action<long, long>? progress = null,
        CancellationToken cancel = default) =>
        new Download(server.Address, folder["down/file.pth"], prefix) { RetryDelay = TimeSpan.FromMilliseconds(1) }.Run(progress, cancel);

    private static byte[] Whole() => Answer("200 OK", Content, "Content-Length: 300000");

    private static byte[] Rest(long start) => Partial(start, 300_000 - (int)start);

    private static byte[] Cut(long start, int length) => start == 0
        ? Answer("200 OK", Content.AsSpan(0, length), "Content-Length: 300000", "ETag: \"tag\"")
        : Partial(start, length);

    private static byte[] Partial(long start, int length) => Answer(
        "206 Partial Content",
        Content.AsSpan((int)start, length),
        $"Content-Length: {300_000 - start}",
        $"Content-Range: bytes {start}-299999/300000",
        "ETag: \"tag\"");
}
