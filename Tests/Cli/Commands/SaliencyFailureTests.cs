using System.CommandLine;
using Interp.Cli;
using Interp.Cli.Commands;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Spectre.Console.Testing;

namespace Interp.Tests.Cli.Commands;

/// <summary>A method that fails takes neither the other methods nor the images behind it along.</summary>
[TestClass]
public sealed class SaliencyFailureTests
{
    private static readonly Dictionary<string, Func<Exception>> Kinds = new()
    {
        ["fault"] = () => new InvalidOperationException("Sequence contains no elements"),
        ["input"] = () => new InputException("--layer x: gives no map"),
        ["model"] = () => new ModelException("no way through"),
        ["memory"] = () => new InsufficientMemoryException(),
    };

    [TestMethod]
    [DataRow("fault", ExitCodes.Unexpected, "unexpected InvalidOperationException: Sequence contains no elements")]
    [DataRow("input", ExitCodes.Usage, "--layer x: gives no map")]
    [DataRow("model", ExitCodes.Model, "no way through")]
    [DataRow("memory", ExitCodes.Backend, "not enough memory")]
    public void MethodThatThrows_IsOneLine_AndTheRestIsDone(string kind, int code, string message)
    {
        using var scratch = new TemporaryFolder();
        string[] images = [TestImages.WritePng(scratch["a.png"], 1), TestImages.WritePng(scratch["b.png"], 2)];

        CliResult result = Explain(scratch, images, new Failing(call => call == 1 ? Kinds[kind]() : null));

        Assert.AreEqual(code, result.ExitCode, result.Error);
        string line = result.Error.Split('\n').Single(l => l.StartsWith("error: ", StringComparison.Ordinal));
        Assert.StartsWith($"error: failing on {images[0]}: {message}", line);
        Assert.EndsWith("; the others go on", line);
        CollectionAssert.AreEqual((string[])["gradcam", "input.png", "vanilla"], Entries(scratch["out", "a"]));
        CollectionAssert.AreEqual((string[])["failing", "gradcam", "input.png", "vanilla"], Entries(scratch["out", "b"]));
        Assert.HasCount(5, result.Json.EnumerateArray().ToArray());
    }

    [TestMethod]
    public void MethodThatThrowsTheSameTwice_IsGivenUp()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [.. Enumerable.Range(0, 5).Select(i => TestImages.WritePng(scratch[$"{i}.png"], (ulong)i))];
        var failing = new Failing(_ => new InputException("--layer x: gives no map"));

        CliResult result = Explain(scratch, images, failing);

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.AreEqual(2, failing.Calls);
        Assert.AreEqual(2, result.Error.Split("error: ").Length - 1, result.Error);
        Assert.Contains("the same again, so it is not tried any more", result.Error);
        Assert.HasCount(10, result.Json.EnumerateArray().ToArray());
    }

    [TestMethod]
    public void SeveralKinds_AFaultOfTheProgramIsTold()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [.. Enumerable.Range(0, 3).Select(i => TestImages.WritePng(scratch[$"{i}.png"], (ulong)i))];

        CliResult result = Explain(
            scratch, images,
            new Failing(call => call == 1 ? new InputException("bad") : call == 2 ? new InvalidOperationException("worse") : null));

        Assert.AreEqual(ExitCodes.Unexpected, result.ExitCode);
    }

    [TestMethod]
    public void Cancellation_AndAFullDisk_EndTheCommand()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [TestImages.WritePng(scratch["a.png"], 1), TestImages.WritePng(scratch["b.png"], 2)];

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            Explain(scratch, images, new Failing(_ => new OperationCanceledException())));
        Assert.ThrowsExactly<OutputException>(() => Explain(scratch, images, new Failing(_ => new OutputException("full"))));
        Assert.IsFalse(Directory.Exists(scratch["out", "b"]));
    }

    [TestMethod]
    public void LayerThatSuitsOneMethodOnly_LeavesTheOther()
    {
        using var scratch = new TemporaryFolder();

        CliResult result = CliRunner.Run(
            "saliency", TestImages.WritePng(scratch["a.png"]), "--method", "gradcam,vanilla", "--layer", "classifier.0", "--model",
            TinyModel.Folder, "--out", scratch["out"]);

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode, result.Error);
        Assert.Contains("error: gradcam on ", result.Error);
        Assert.Contains("classifier.0", result.Error);
        Assert.IsTrue(File.Exists(scratch["out", "a", "vanilla", "manifest.json"]));
    }

    [TestMethod]
    public void ImageThatDoesNotFitTheNetwork_IsOneLine_AndTheOthersAreDone()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [TestImages.WriteNpy(scratch["tiny.npy"], 3, 1, 1), TestImages.WritePng(scratch["b.png"])];
        foreach (string[] command in (string[][])[["saliency", .. images, "--method", "vanilla"], ["predict", .. images],
            ["evaluate", .. images, "--method", "vanilla"]])
        {
            string[] place = command[0] == "predict" ? [] : ["--out", scratch["out"]];

            CliResult result = CliRunner.Run([.. command, "--model", TinyModel.Folder, .. place]);

            Assert.IsTrue(result.ExitCode is ExitCodes.Usage or ExitCodes.Model, result.Error);
            Assert.HasCount(1, result.Error.Split('\n').Where(l => l.StartsWith("error: ", StringComparison.Ordinal)).ToArray(),
                result.Error);
            Assert.Contains(command[0] == "evaluate" ? "vanilla" : "b.png", result.Out);
        }
    }

    private static string[] Entries(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)];

    /// <summary>Runs the command with a method that the catalog does not have, between two that it has.</summary>
    private static CliResult Explain(TemporaryFolder scratch, string[] images, AttributionMethod failing)
    {
        using var output = new StringWriter();
        using TestConsole error = new TestConsole().Width(4096);
        var context = new CliContext(output, error);
        AttributionMethod[] methods = [AttributionCatalog.All.Find("vanilla"), failing, AttributionCatalog.All.Find("gradcam")];
        Command command = SaliencyCommand.Create(context);
        command.SetAction((parse, cancel) =>
            Task.Run(() => SaliencyCommand.Explain(new Invocation(context, parse, cancel), [.. methods.Select(m => (m, m.Configure()))])));
        string[] args = ["saliency", .. images, "--method", "vanilla", "--json", "--model", TinyModel.Folder, "--out", scratch["out"]];
        int code = CommandLine.RunAsync(new ProgramRoot("", context) { "Explain images", command }, args, context).GetAwaiter().GetResult();
        return new CliResult(code, output.ToString(), error.Output);
    }

    private sealed class Failing(Func<int, Exception?> failure) : AttributionMethod
    {
        internal int Calls { get; private set; }

        public override string Name => "failing";

        public override string Title => "Fails";

        public override string Summary => "Fails";

        public override string Formula => "";

        public override string Paper => "";

        public override AttributionKind Kind => AttributionKind.Map;

        protected override Explanation Compute(AttributionRequest request) =>
            failure(++Calls) is { } e ? throw e
            : new Explanation([.. Enumerable.Range(0, request.Input.Image.Width * request.Input.Image.Height).Select(i => (float)i)]);
    }
}
