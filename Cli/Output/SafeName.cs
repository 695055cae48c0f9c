using System.Security.Cryptography;
using System.Text;

namespace Interp.Cli.Output;

/// <summary>
/// Names of files and folders from texts that others chose: names of images, layers and models. None leads out of the folder that it is put
/// into.
/// </summary>
internal static class SafeName
{
    /// <summary>Leaves room for endings below the 255 bytes that file systems hold.</summary>
    private const int MostBytes = 200;

    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"])],
        StringComparer.OrdinalIgnoreCase);

    private static readonly char[] s_invalid = [.. Path.GetInvalidFileNameChars().Union(['/', '\0'])];

    /// <summary>
    /// The text itself where it can be a name. Else what cannot stand in a name becomes <c>_</c>, and one that is too long is cut and ends
    /// in
    /// eight digits of its SHA-256.
    /// </summary>
    internal static string Of(string text)
    {
        string name = new([.. text.Select(c => s_invalid.Contains(c) || char.IsControl(c) ? '_' : c)]);
        if (OperatingSystem.IsWindows())
        {
            name = name.TrimEnd('.', ' ') is var kept && s_devices.Contains(kept.Split('.')[0]) ? $"_{kept}" : kept;
        }

        if (name.All(c => c == '.') && name.Length < 3)
        {
            name = name.Length == 0 ? "_" : new string('_', name.Length); // "." and ".." are the folder itself and the one above.
        }

        return Encoding.UTF8.GetByteCount(name) > MostBytes ? Cut(name) : name;
    }

    private static string Cut(string name)
    {
        string end = $"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
        var kept = new StringBuilder();
        int bytes = end.Length;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MostBytes)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.Append(end).ToString();
    }
}
