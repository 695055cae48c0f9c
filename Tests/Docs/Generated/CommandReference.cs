using System.CommandLine;
using System.Text.RegularExpressions;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Spectre.Console.Testing;

namespace Interp.Tests.Docs.Generated;

/// <summary>Every command with what its <c>--help</c> prints.</summary>
internal static partial class CommandReference
{
    public static IEnumerable<string> Lines() => Below([], Program.BuildRoot(new CliContext(TextWriter.Null, new TestConsole())));

    private static IEnumerable<string> Below(string[] path, Command command) =>
    [
        .. path.Length == 0 ? [] : Section(path),
        .. command.Subcommands.SelectMany(c => Below([.. path, c.Name], c)),
    ];

    private static IEnumerable<string> Section(string[] path)
    {
        string help = CliRunner.Run([.. path, "--help"]).AssertDone().Out.ReplaceLineEndings("\n").TrimEnd();
        return ["", $"## {string.Join(' ', path)}", "", "```text", .. Cores().Replace(help, "one a core").Split('\n'), "```", ""];
    }

    /// <summary>The default number of threads, which is this machine's.</summary>
    [GeneratedRegex(@"(?<=--threads N\s[^\[]*\[default:\s)\d+(?=\])")]
    private static partial Regex Cores();
}
