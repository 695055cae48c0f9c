using System.Text.RegularExpressions;

namespace Interp.Cli;

/// <summary>The library, which knows no command line, calls an option <c>option 'layer'</c>, and several <c>options 'mean' and
/// 'std'</c>; users of the program know them as <c>--layer</c>, <c>--mean and --std</c>.</summary>
internal static partial class OptionWords
{
    /// <summary>A message of the library in the program's words.</summary>
    internal static string OnCommandLine(string message) =>
        Named().Replace(Several().Replace(message, match => Quoted().Replace(match.Groups[1].Value, "--$1")), "--$1");

    [GeneratedRegex("option '([a-z][a-z0-9-]*)'")]
    private static partial Regex Named();

    [GeneratedRegex("options ('[a-z][a-z0-9-]*'(?:(?:, | and )'[a-z][a-z0-9-]*')*)")]
    private static partial Regex Several();

    [GeneratedRegex("'([a-z][a-z0-9-]*)'")]
    private static partial Regex Quoted();
}
