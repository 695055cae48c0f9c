using Interp.Engine.Common;

namespace Interp.Cli.Output;

/// <summary>Writes files that are either whole or not there: data goes to a temporary name beside the file, which is then renamed.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file; an existing one is replaced.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    internal static void Write(string path, string option, Action<Stream> write)
    {
        Guard(path, option, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (IsDevice(path))
            {
                using var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                write(device);
                return;
            }

            string target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
            string temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
            try
            {
                using (FileStream stream = File.Create(temporary))
                {
                    write(stream);
                }

                File.Move(temporary, target, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        });
    }

    /// <summary>Makes a folder, so that a place that cannot be written to is known before the work starts.</summary>
    /// <exception cref="OutputException">The folder cannot be made.</exception>
    internal static void CreateFolder(string path, string option) => Guard(path, option, () => Directory.CreateDirectory(path));

    /// <summary>Removes a file that would otherwise outlive what it describes.</summary>
    internal static void Delete(string path, string option) => Guard(path, option, () => File.Delete(path));

    private static void Guard(string path, string option, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OutputException($"{path}: cannot be written: {e.Message.TrimEnd('.')}; choose another {option}", e);
        }
    }

    /// <summary>Whether the path is a device such as <c>/dev/stdout</c>: renaming a file over it would remove it.</summary>
    private static bool IsDevice(string path) => !OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(path);
}
