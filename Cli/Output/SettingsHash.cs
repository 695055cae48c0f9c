using System.Security.Cryptography;
using System.Text;

namespace Interp.Cli.Output;

/// <summary>One short text for everything that a result depends on: the same text, the same result.</summary>
internal static class SettingsHash
{
    /// <summary>The first sixteen hexadecimal digits of the SHA-256 of the program's version and the given settings, a line each.</summary>
    internal static string Of(IEnumerable<string> settings) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', settings.Prepend(Manifest.ProgramVersion)))))[..16];
}
