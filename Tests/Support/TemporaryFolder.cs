namespace Interp.Tests.Support;

/// <summary>A folder of one test's own, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal string this[params string[] parts] => Path.Combine([Root, .. parts]);

    /// <summary>A path that cannot be written by anybody: it lies below a regular file.</summary>
    internal string Unwritable()
    {
        File.WriteAllText(this["file"], "");
        return this["file", "below"];
    }

    /// <summary>Everything in the folder, hidden things included, as relative paths.</summary>
    internal string[] Everything() => [.. Directory
        .EnumerateFileSystemEntries(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(e => Path.GetRelativePath(Root, e)).Order(StringComparer.Ordinal)];

    /// <summary>The paths of all files below a folder, relative and in order.</summary>
    internal static string[] FilesBelow(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(
        StringComparer.Ordinal)];
}
