namespace Interp.Tests.Weights;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal string this[string name] => Path.Combine(Root, name);

    /// <summary>Everything in the folder, hidden things included, as relative paths.</summary>
    internal string[] Everything() => [.. Directory
        .EnumerateFileSystemEntries(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(e => Path.GetRelativePath(Root, e)).Order(StringComparer.Ordinal)];
}
