using Interp.Engine.Graph;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Tests.Weights;

namespace Interp.Tests.Cli.Commands;

/// <summary>Sites of networks that are no classifiers of square RGB images, and of the bundled one.</summary>
[TestClass]
public sealed class SiteNetworkTests
{
    [TestMethod]
    [DataRow("grey")]
    [DataRow("oblong")]
    [DataRow("tiny")]
    [DataRow("maps")]
    [DataRow("embedding")]
    public void AnyNetwork_HasASite_WithLayersOfItsOwn(string shape)
    {
        using var scratch = new TemporaryFolder();
        Network network = shape switch
        {
            "grey" => ShapeNets.Grey(),
            "oblong" => ShapeNets.Oblong(),
            "tiny" => ShapeNets.Small(8),
            "maps" => ShapeNets.Maps(),
            _ => ShapeNets.Embedding(),
        };
        TestImages.WritePngs(scratch["photos"], 3);

        CliResult result = CliRunner.Run(
            "site", "--model", ModelFolders.Write(scratch["model"], network), "--units", "2", "--steps", "2", "--images", scratch["photos"],
            "--out", scratch["out"]).AssertDone();

        string[] pages = SiteFiles.AssertSound(scratch["out"]);
        Assert.Contains("the last activation function of each map size", result.Error);
        Assert.AreEqual(network.Classes > 0, pages.Any(p => p.Contains("classes", StringComparison.Ordinal)));
        Assert.AreEqual(network.Classes > 0, File.ReadAllText(pages.First(p => p.Contains("units", StringComparison.Ordinal)))
            .Contains("images with another top class", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Layers_Named_MayHaveNoMap()
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run(
            "site", "--model", TinyModel.Folder, "--layers", "features.0,classifier.0", "--units", "1", "--steps", "2", "--labels", "none",
            "--out", scratch["out"]).AssertDone();
        SiteFiles.AssertSound(scratch["out"]);
    }

    [TestMethod]
    public void BundledNetwork_HasASite()
    {
        using var scratch = new TemporaryFolder();
        string photos = Repository.PathOf("Cli", "photos");

        CliRunner.Run(
            "site", "--layers", "features.3,features.8", "--units", "17-17", "--labels", "none", "--steps", "2", "--images",
            Path.Combine(photos, "chelsea.png"), Path.Combine(photos, "coffee.png"), "--classes", "Egyptian cat", "--out",
            scratch["out"]).AssertDone();

        string[] pages = SiteFiles.AssertSound(scratch["out"]);
        Assert.HasCount(1 + 1 + 2 + 2 + 1, pages);
        string[] images = Directory.GetFiles(scratch["out", "images"], "*", SearchOption.AllDirectories);
        Assert.IsLessThan(1 << 20, images.Sum(f => new FileInfo(f).Length));
    }
}
