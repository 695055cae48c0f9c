namespace Interp.Engine.Common;

/// <summary>Opening of the files that users name, which may be pipes and devices.</summary>
internal static class InputFile
{
    /// <summary>
    /// Opens a file and hands it on. Opening a pipe that nobody writes to waits for ever, and so may reading it: both are done on a thread
    /// of their own, which is left behind when the caller is cancelled.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for messages: "an image file".</param>
    /// <param name="use">Takes the open file.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="InputException">The file is missing, a folder, not permitted or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static T Read<T>(string path, string expected, Func<FileStream, T> use, CancellationToken cancel)
    {
        RequireExistence(path);
        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: is a folder, expected {expected}");
        }

        try
        {
            return cancel.CanBeCanceled
                ? Task.Factory.StartNew(Open, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    .WaitAsync(cancel).GetAwaiter().GetResult()
                : Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }

        T Open()
        {
            using FileStream stream = File.OpenRead(path);
            return use(stream);
        }
    }

    /// <summary>Checks that there is something of this name.</summary>
    /// <exception cref="InputException">There is nothing.</exception>
    public static void RequireExistence(string path)
    {
        if (!Path.Exists(path))
        {
            string what = path.Length > 0 ? path : "an empty path";
            throw new InputException($"{what}: no such file or folder");
        }
    }

    /// <summary>
    /// The first bytes of a regular file, at most so many; none of a pipe, a device, an empty file or one that cannot be read. Never waits.
    /// </summary>
    public static ReadOnlySpan<byte> Head(string path, int length)
    {
        try
        {
            var file = new FileInfo(path);
            if ((file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)) is not FileInfo { Length: > 0 })
            {
                return [];
            }

            using FileStream stream = File.OpenRead(path);
            var head = new byte[length];
            return head.AsSpan(0, stream.ReadAtLeast(head, length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return [];
        }
    }
}
