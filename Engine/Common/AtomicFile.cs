namespace Interp.Engine.Common;

/// <summary>Writes files that are either whole or not there: data goes to a temporary name beside the file, which is then
/// renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file; an existing one is replaced, a link's target rather than the link. Devices such as <c>/dev/stdout</c> are
    /// written to as they are.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="advice">What the error message says to do.</param>
    /// <exception cref="OutputException">The file cannot be written; nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write, string advice = "choose another place") => Guard(path, advice, () =>
    {
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
            DeleteQuietly(temporary);
        }
    });

    /// <summary>Runs an action on the file system; its failure becomes one line that names the path.</summary>
    /// <exception cref="OutputException">The action failed.</exception>
    public static void Guard(string path, string advice, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OutputException($"{path}: cannot be written: {e.Message.TrimEnd('.')}; {advice}", e);
        }
    }

    /// <summary>Removes what may be left of a failed write; that failure is the one to report.</summary>
    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // The write's own exception says what is wrong with the place.
        }
    }

    /// <summary>Whether the path is a device: renaming a file over it would remove it.</summary>
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(path);
}
