using System.CommandLine;
using Interp.Cli;
using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>
/// Every option of every command with values that it cannot take: one line that names it, exit code 2 (3 where a model is named), never a
/// fault of the program
/// or a word about its types. A value that happens to be allowed is run.
/// </summary>
[TestClass]
public sealed class OptionValueTests
{
    private static readonly string[] s_values = ["abc", "", " ", "NaN", "1e999", "-1", "0,15", "99999999999999999999"];

    /// <summary>Options that name a file or folder to write: any word but an empty one is allowed.</summary>
    private static readonly string[] s_written = ["--out", "--logits-npy"];

    public static IEnumerable<object[]> Commands =>
        from c in CommandTree.All
        where c.Path.Length > 0 && c.Command is not CommandGroup
        select new object[] { string.Join(' ', c.Path) };

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void AnyOption_ImpossibleValue_IsRefusedInOneLine(string path)
    {
        Command command = CommandTree.All.Single(c => string.Join(' ', c.Path) == path).Command;
        using var scratch = new TemporaryFolder();
        using var session = new CliSession();
        foreach (Option option in CommandTree.OptionsOf(command).Where(o => o.Action is null))
        {
            IEnumerable<string> values = option.ValueType == typeof(bool) ? ["abc", ""] : s_written.Contains(option.Name) ? ["", " "]
                : s_values;
            foreach (string value in values)
            {
                string[] given = option.ValueType == typeof(bool) ? [$"{option.Name}={value}"] : [option.Name, value];
                string what = $"{path} {string.Join(' ', given)}";
                Check(option, what, session.Run([.. path.Split(' '), .. Rest(path, option, scratch), .. given]));
            }
        }
    }

    private static void Check(Option option, string what, CliResult result)
    {
        int[] codes = option.Name is "--model" or "--verify" or "--transfer" ? [ExitCodes.Usage, ExitCodes.Model] : [ExitCodes.Usage];
        if (result.ExitCode == ExitCodes.Done
            || (result.ExitCode == ExitCodes.Backend && what.StartsWith("bench kernels", StringComparison.Ordinal)))
        {
            return; // Allowed after all; without a GPU there are no kernels.
        }

        string[] errors = [
            .. result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(
            l => !l.StartsWith("note: ", StringComparison.Ordinal))];
        Assert.Contains(result.ExitCode, codes, $"{what}: {result.Error}");
        Assert.HasCount(1, errors, what);
        Assert.StartsWith("error: ", errors[0], what);
        foreach (string word in (string[])["System.", "Nullable", "Exception", "Parameter"])
        {
            Assert.DoesNotContain(word, result.Error, what);
        }
    }

    /// <summary>The rest of a quick command line that would succeed, without the option under test and what contradicts it.</summary>
    private static IEnumerable<string> Rest(string path, Option option, TemporaryFolder scratch)
    {
        (string? argument, (string Name, string Value)[] options) = Base(path, option, scratch);
        IEnumerable<string> rest = options.Where(o => o.Name != option.Name).SelectMany(o => (string[])[o.Name, o.Value]);
        return argument is null ? rest : rest.Prepend(argument);
    }

    private static (string? Argument, (string, string)[] Options) Base(string path, Option option, TemporaryFolder scratch)
    {
        string image = File.Exists(scratch["in", "a.png"]) ? scratch["in", "a.png"] : TestImages.WritePng(scratch["in", "a.png"]);
        (string, string) model = ("--model", TinyModel.Folder), folder = ("--out", scratch["out"]);
        return path switch
        {
            "saliency" => (image, [model, folder, ("--method", MethodWith(option)), ("--evidence", "true"), ("--metrics", "sparseness")]),
            "evaluate" => (image, [model, folder, ("--method", MethodWith(option)), ("--metrics", "sparseness")]),
            "visualize" =>
            (null, [model, folder, option.Name is "--class" or "--objective" ? ("--steps", "1") : ("--layer", "features.3"),
            ("--steps", "1")]),
            "gallery" =>
            (null, [model, folder, .. option.Name == "--classes" ? []
            : ((string, string)[])[("--layer", "features.3"), ("--channels", "0")], ("--steps", "1")]),
            "top-images" => (null, [model, folder, ("--layer", "features.3"), ("--channel", "0"), ("--images", scratch["in"])]),
            "unit" => (null, [model, folder, ("--layer", "features.3"), ("--channel", "0"), ("--images", scratch["in"]), ("--steps", "0")]),
            "dissect" => (null, [model, folder, ("--layer", "features.1"), ("--labels", ConceptFolders(scratch)), ("--min-images", "1"),
                ("--permutations", "5"), ("--quantile", "0.1")]),
            "site" => (null, [model, folder, ("--layers", "features.1"), ("--units", "1"), ("--steps", "1"), ("--labels", "none"),
                ("--classes", "none"), ("--images", scratch["in"])]),
            "concepts test" => (null, [model, folder, ("--layer", "features.4"), ("--class", "zebra"),
                ("--concepts", ConceptFolders(scratch)), ("--images", scratch["concepts", "dots"]), ("--relative", "yes"), ("--null", "19"),
                ("--runs", "2")]),
            "concepts discover" => (null, [model, folder, ("--layer", "features.4"), ("--class", "zebra"),
                ("--images", Path.Combine(ConceptFolders(scratch), "dots")), ("--components", "2"), ("--samples", "2"),
                ("--random-sets", "1"), ("--random-orders", "1"), ("--splits", "1")]),
            "concepts relevance" => (image, [model, folder, ("--layer", "features.3")]),
            "labels" => (ConceptFolders(scratch), []),
            "attack" => (image, [model, folder, ("--method", AttackWith(option))]),
            "table" => (Results(scratch), [folder]),
            "predict" => (image, [model]),
            "methods" or "layers" => (null, [model]),
            "models" or "doctor" => (null, []),
            "convert" => (Weights(scratch), [folder]),
            "influence" => option.Name is "--mislabelled" or "--plant" or "--by"
                ? (null, [model, folder, ("--train", TrainingFolder(scratch)), ("--l2", "1"), ("--mislabelled", "true")])
                : (image, [model, folder, ("--train", TrainingFolder(scratch)), ("--l2", "1"), ("--check", "none")]),
            "train-head" => (null, [model, folder, ("--train", TrainingFolder(scratch)), ("--l2", "1"), ("--validation", "0")]),
            "bench" => (null, [model, ("--runs", "1")]),
            "bench kernels" => (null, [("--runs", "1")]),
            _ => throw new AssertFailedException($"{path}: a new command needs a line here that says how it is called"),
        };
    }

    private static string MethodWith(Option option) =>
        AttributionCatalog.All.FirstOrDefault(m => m.Options.Any(o => $"--{o.Name}" == option.Name))?.Name ?? "vanilla";

    private static string AttackWith(Option option) =>
        Attacks.All.FirstOrDefault(a => a.Options.Any(o => $"--{o.Name}" == option.Name))?.Name ?? "fgsm";

    private static string TrainingFolder(TemporaryFolder scratch) => Folders(scratch, "classes", ["a", "b"], 1);

    private static string ConceptFolders(TemporaryFolder scratch) => Folders(scratch, "concepts", ["dots", "stripes"], 5);

    private static string Folders(TemporaryFolder scratch, string folder, string[] names, int images)
    {
        foreach (string name in names.Where(n => !Directory.Exists(scratch[folder, n])))
        {
            for (int i = 1; i <= images; i++)
            {
                TestImages.WritePng(scratch[folder, name, $"{i}.png"], (ulong)(i + name.Length));
            }
        }

        return scratch[folder];
    }

    private static string Results(TemporaryFolder scratch)
    {
        if (!Directory.Exists(scratch["results"]))
        {
            string[] args = ["--model", TinyModel.Folder, "--method", "vanilla", "--out", scratch["results"]];
            CliRunner.Run(["saliency", scratch["in", "a.png"], .. args]).AssertDone();
        }

        return scratch["results"];
    }

    private static string Weights(TemporaryFolder scratch)
    {
        TinyModel.WriteSafetensors(scratch["w.safetensors"]);
        return scratch["w.safetensors"];
    }
}
