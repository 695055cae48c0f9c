using System.Text.RegularExpressions;

namespace Interp.Cli;

/// <summary>The library, which knows no command line, calls an option <c>option 'layer'</c>; users of the program know it as
/// <c>--layer</c>.</summary>
internal static partial class OptionWords
{
    /// <summary>A message of the library in the program's words.</summary>
    internal static string OnCommandLine(string message) => Named().Replace(message, "--$1");

    [GeneratedRegex("option '([a-z][a-z0-9-]*)'")]
    private static partial Regex Named();
}
