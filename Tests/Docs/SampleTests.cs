using System.Diagnostics;
using Interp.Tests.Support;

namespace Interp.Tests.Docs;

/// <summary>Every sample builds, is short, and does what its first line says where that takes no long.</summary>
[TestClass]
public sealed class SampleTests
{
    private const int MostLines = 80;

    public static IEnumerable<object[]> Samples =>
        Directory.EnumerateFiles(Repository.PathOf("samples"), "*.cs").Order(StringComparer.Ordinal).Select(
        f => new object[] { Path.GetFileName(f) });

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Sample_EachOfThem_Builds(string name)
    {
        Assert.IsLessThanOrEqualTo(MostLines, File.ReadAllLines(Repository.PathOf("samples", name)).Length);
        Build(name);
    }

    [TestMethod]
    public void Explain_APhoto_WritesTheOverlay()
    {
        using var folder = new TemporaryFolder();
        (int code, string output, string error) = Run(
            "explain.cs", folder.Root, Repository.PathOf("Cli", "photos", "chelsea.png"), "lrp", "tabby");
        Assert.AreEqual(0, code, error);
        Assert.StartsWith("tabby, tabby cat, 77.6", output);
        Assert.IsTrue(File.Exists(folder["overlay.png"]));
    }

    [TestMethod]
    public void Explain_NoImage_SaysSoInTheLibrarysWords()
    {
        using var folder = new TemporaryFolder();
        (int code, _, string error) = Run("explain.cs", folder.Root, "missing.png");
        Assert.AreEqual(1, code);
        Assert.AreEqual("error: missing.png: no such file or folder", error.Trim());
    }

    [TestMethod]
    public async Task WebApi_AnUpload_IsExplained()
    {
        Build("web-api.cs");
        var start = new ProcessStartInfo("dotnet",
            ["run", "--no-build", "-c", "Release", Repository.PathOf("samples", "web-api.cs"), "--", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Folder,
        };
        using Process server = Process.Start(start)!;
        try
        {
            string? address = null;
            while (address is null && await server.StandardOutput.ReadLineAsync() is { } line)
            {
                address = line.Split("Now listening on: ") is [_, var found] ? found : null;
            }

            Assert.IsNotNull(address, "the server did not start");
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            using var photo = new ByteArrayContent(await File.ReadAllBytesAsync(Repository.PathOf("Cli", "photos", "chelsea.png")));
            using HttpResponseMessage map = await client.PostAsync("/explain?method=gradcam", photo);
            Assert.AreEqual("image/png", map.Content.Headers.ContentType?.MediaType, await map.Content.ReadAsStringAsync());
            using HttpResponseMessage refused = await client.PostAsync("/explain", new StringContent("no image"));
            Assert.AreEqual(422, (int)refused.StatusCode);
            Assert.Contains("upload: not an image", await refused.Content.ReadAsStringAsync());
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    /// <summary>ONNX Runtime's native library is 160 MB and no part of a build: the sample runs where the package is there.</summary>
    [TestMethod]
    public void OnnxRuntime_OnAFixture_GivesTheSameScores()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        if (!Directory.Exists(Path.Combine(packages, "microsoft.ml.onnxruntime", "1.31.1")))
        {
            Assert.Inconclusive("the package Microsoft.ML.OnnxRuntime is not there");
        }

        using var folder = new TemporaryFolder();
        (int code, string output, string error) = Shell.Run(new ProcessStartInfo("dotnet",
            ["run", "-c", "Release", "-p:OnnxRuntime=Microsoft.ML.OnnxRuntime", Repository.PathOf("samples", "onnx-runtime.cs"), "--",
            Repository.PathOf("Tests", "Fixtures", "onnx", "float16-weights.onnx"), Repository.PathOf("Cli", "photos", "chelsea.png")])
            { WorkingDirectory = folder.Root });
        Assert.AreEqual(0, code, output + error);
        Assert.MatchesRegex("largest difference [0-9.]+e-00[5-9] of", output);
        Assert.DoesNotContain("Interp says", output);
        Assert.IsTrue(File.Exists(folder["chelsea.png"]));
    }

    private static (int Code, string Output, string Error) Run(string sample, string folder, params string[] args)
    {
        Build(sample);
        return Shell.Run(
            new ProcessStartInfo("dotnet",
            ["run", "--no-build", "-c", "Release", Repository.PathOf("samples", sample), "--", .. args]) { WorkingDirectory = folder });
    }

    /// <summary>One at a time: samples share the projects that they are built with.</summary>
    private static void Build(string sample)
    {
        lock (typeof(SampleTests))
        {
            (int code, string output, string error) = Shell.Run(
                $"DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet build -c Release -v quiet samples/{sample}");
            Assert.AreEqual(0, code, output + error);
        }
    }
}
