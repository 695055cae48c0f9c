using System.CommandLine;
using Interp.Cli;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Tests.Support;
using Interp.Weights;
using Spectre.Console.Testing;

namespace Interp.Tests.Docs;

/// <summary>Every command line of the documentation is one that the program takes.</summary>
[TestClass]
public sealed class CommandLineTests
{
    /// <summary>Programs of others that pages call.</summary>
    private static readonly string[] s_others =
        ["cd", "git", "dotnet", "dnx", "curl", "cat", "ncu", "nsys", "taskset", "/usr/bin/time", "apt-get", "python3", "convert",
            "heif-convert", "compute-sanitizer"];

    private static readonly Lazy<Network> s_bundled = new(() => ModelStore.Load(ModelStore.DefaultModel));

    private static readonly RootCommand s_root = Program.BuildRoot(new CliContext(TextWriter.Null, new TestConsole()));

    [TestMethod]
    public void Blocks_OfEveryPage_AreTakenByTheProgram()
    {
        var wrong = new List<string>();
        int checkedLines = 0;
        foreach (DocPage page in DocPage.All)
        {
            foreach ((int number, string[] words) in page.Fences.Where(f => f.Language == "sh").SelectMany(ShellLine.Commands))
            {
                checkedLines++;
                if (Problem(words) is { } problem)
                {
                    wrong.Add($"{page.Name}:{number}: {string.Join(' ', words)}: {problem}");
                }
            }
        }

        Assert.IsGreaterThan(40, checkedLines, "the pages' command lines are not found");
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void Spans_ThatCallTheProgram_AreTakenByIt()
    {
        string[] wrong =
        [
            .. from page in DocPage.All
               from span in page.Spans
               where span.Text.StartsWith("interp-cli ", StringComparison.Ordinal)
                   || span.Text.StartsWith("scripts/", StringComparison.Ordinal)
               where !span.Text.Contains('…')
               let words = ShellLine.Words(span.Text).ToArray()
               let problem = words.Length > 2 ? Problem(words) : IsName(words) ? null : "there is no such command"
               where problem is not null
               select $"{page.Name}:{span.Number}: {span.Text}: {problem}",
        ];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow("interp-cli saliency cat.jpg --method gradcam --out out", null)]
    [DataRow("scripts/interp-cli saliency cat.jpg --methods gradcam", "--methods")]
    [DataRow("interp-cli saliency cat.jpg --method gardcam", "gardcam")]
    [DataRow("interp-cli evaluate cat.jpg --method rise --metrics deletion,insertoin", "insertoin")]
    [DataRow("interp-cli visualise --layer features.28", "visualise")]
    [DataRow("interp-cli saliency cat.jpg --method lrp --class tabby --against lynx", "lynx")]
    [DataRow("interp-cli unit --layer features.99 --channel 3 --images photos/", "features.99")]
    [DataRow("interp-cli bench --batch x", "--batch")]
    [DataRow("scripts/chek", "scripts/chek")]
    [DataRow("interp-cil predict cat.jpg", "interp-cil")]
    public void Problem_OfALine_IsFound(string line, string? named)
    {
        string? problem = Problem([.. ShellLine.Words(line)]);
        if (named is null)
        {
            Assert.IsNull(problem);
        }
        else
        {
            Assert.IsNotNull(problem);
            Assert.Contains(named, problem);
        }
    }

    /// <summary>What is wrong with a command line, or null.</summary>
    private static string? Problem(string[] words)
    {
        string program = words[0];
        if (program is "interp-cli" or "scripts/interp-cli" or "artifacts/publish/interp-cli")
        {
            return Refusal(words[1..]);
        }

        if (program == "scripts/convert_weights")
        {
            return Refusal(["convert", .. words[1..]]);
        }

        return s_others.Contains(program) || IsName([program]) ? null : $"there is no {program}";
    }

    /// <summary>Whether this names a script or a command, rather than calling it.</summary>
    private static bool IsName(string[] words) => words is ["interp-cli" or "scripts/interp-cli", var name]
        ? name == "--help" || s_root.Subcommands.Any(c => c.Name == name)
        : words[0].Contains('/', StringComparison.Ordinal) && Path.Exists(Repository.PathOf(words[0]));

    private static string? Refusal(string[] args)
    {
        ParseResult parse = CommandLine.Parse(s_root, args);
        if (CommandLine.Problem(parse, args) is { } problem)
        {
            return problem;
        }

        try
        {
            foreach (string method in Values(parse, MethodFlags.Method).Where(m => m != "all"))
            {
                AttributionCatalog.All.Find(method);
            }

            foreach (string metric in Values(parse, "--metrics").Where(m => m != "all"))
            {
                EvidenceCatalog.All.Find(metric);
            }

            foreach (string name in (string[])["--class", "--against"])
            {
                _ = Text(parse, name) is { } label and not ("top" or "true") ? s_bundled.Value.Labels.Find(label) : 0;
            }

            foreach (string layer in Text(parse, "--layer")?.Split(',') ?? [])
            {
                s_bundled.Value.Find(layer);
            }

            return null;
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }

    /// <summary>What is given for an option of a command that runs the bundled network, or null.</summary>
    private static string? Text(ParseResult parse, string name)
    {
        Command command = parse.CommandResult.Command;
        return parse.GetResult(SharedOptions.Model) is { Implicit: false } || !command.Options.Contains(SharedOptions.Model)
            || command.Options.OfType<Option<string>>().FirstOrDefault(o => o.Name == name) is not { } option ? null
            : parse.GetValue(option);
    }

    private static IEnumerable<string> Values(ParseResult parse, Option<string[]> option) =>
        parse.CommandResult.Command.Options.Contains(option) ? parse.GetValue(option)!.SelectMany(v => v.Split(',')) : [];

    private static IEnumerable<string> Values(ParseResult parse, string name) =>
        parse.CommandResult.Command.Options.OfType<Option<string[]>>().Where(o => o.Name == name).SelectMany(o => parse.GetValue(o) ?? [])
        .SelectMany(v => v.Split(','));
}
