using System.Security.Cryptography;

namespace Interp.Cli.Tables.Reading;

/// <summary>Files of a folder that is not trusted: none outside of it, and none behind a link.</summary>
internal static class InsideFolder
{
    /// <summary>The most bytes of a file that is read.</summary>
    internal const long MostBytes = 64 << 20;

    /// <summary>The full path of a regular file, or null where there is none inside the folder.</summary>
    /// <param name="root">The folder that nothing may lie outside of, in full.</param>
    /// <param name="folder">The folder that the path is relative to.</param>
    /// <param name="path">The path.</param>
    internal static string? Find(string root, string folder, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            string full = Path.GetFullPath(Path.Combine(folder, path)), relative = Path.GetRelativePath(root, full);
            if (relative == ".." || relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                || Path.IsPathRooted(relative))
            {
                return null;
            }

            string here = root;
            foreach (string part in relative.Split(Path.DirectorySeparatorChar))
            {
                here = Path.Combine(here, part);
                if (IsLink(here))
                {
                    return null;
                }
            }

            return new FileInfo(full) is { Exists: true, Length: > 0 and <= MostBytes } ? full : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Whether a file or folder is a link to another place.</summary>
    internal static bool IsLink(string path) => File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    /// <summary>A file's bytes, or null where it cannot be read or is not what a checksum stands for.</summary>
    internal static byte[]? Bytes(string path, string? sum)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return sum is null || Convert.ToHexStringLower(SHA256.HashData(bytes)) == sum ? bytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
