using Interp.Tests.Support;

namespace Interp.Tests.Cli.Support;

/// <summary>A result of each command on the tiny model, made once for all tests of tables, which only read them.</summary>
internal static class TinyResults
{
    private static readonly Lazy<string> s_root = new(Make);

    /// <summary>The folder of one command's results.</summary>
    public static string Of(string command) => Path.Combine(s_root.Value, command);

    /// <summary>A copy of it, to be changed.</summary>
    public static string Copy(string command, string to)
    {
        foreach (string file in TemporaryFolder.FilesBelow(Of(command)))
        {
            string copy = Path.Combine(to, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Of(command), file), copy);
        }

        return to;
    }

    private static string Make()
    {
        string root = Directory.CreateTempSubdirectory("interp-results-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        string photos = Path.Combine(root, "photos"), concepts = Path.Combine(root, "textures");
        TestImages.WritePngs(photos, 5);
        TestImages.WritePngs(Path.Combine(concepts, "dots"), 5);
        TestImages.WritePngs(Path.Combine(concepts, "stripes"), 5);
        TestImages.WritePngs(Path.Combine(root, "classes photos", "zebra"), 3);
        TestImages.WritePngs(Path.Combine(root, "classes photos", "bee"), 3);
        string a = Path.Combine(photos, "00.png"), b = Path.Combine(photos, "01.png"), dots = Path.Combine(concepts, "dots");
        Run("saliency", a, b, "--method", "gradcam,vanilla");
        Run("gallery", "--layer", "features.3", "--channels", "0,2,7", "--steps", "2");
        Run("classes", "--classes", "goldfish,zebra,bee", "--steps", "2");
        Run("top-images", "--layer", "features.3", "--channel", "0,5", "--images", photos, "--count", "2");
        Run("unit", "--layer", "features.3", "--channel", "1", "--images", photos, "--steps", "2");
        Run("dissect", "--layer", "features.1,features.4", "--labels", concepts, "--min-images", "1", "--permutations", "19",
            "--quantile", "0.1");
        Run("concepts test", "--layer", "features.4", "--class", "zebra", "--class", "bee", "--concepts", concepts,
            "--images", Path.Combine(root, "classes photos"),
            "--relative", "yes", "--null", "19", "--runs", "2");
        Run("concepts discover", "--layer", "features.4", "--class", "zebra", "--images", dots, "--components", "2", "--samples", "2",
            "--random-sets", "1", "--random-orders", "1", "--splits", "1");
        Run("concepts relevance", a, "--layer", "features.3", "--images", photos);
        Run("evaluate", a, b, "--method", "vanilla,gradcam", "--metrics", "sparseness,deletion");
        return root;

        void Run(string command, params string[] args)
        {
            string[] words = command == "classes" ? ["gallery"] : command.Split(' ');
            CliRunner.Run([.. words, .. args, "--model", TinyModel.Folder, "--out", Path.Combine(root, command)]).AssertDone();
        }
    }
}
