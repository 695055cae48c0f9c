namespace Interp.Tests.Cli.Support;

/// <summary>A folder of one test's own, removed afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Root = Directory.CreateTempSubdirectory("interp-cli-").FullName;

    public string Root { get; }

    public string this[params string[] parts] => Path.Combine([Root, .. parts]);

    /// <summary>A path that cannot be written by anybody: it lies below a regular file.</summary>
    public string Unwritable()
    {
        File.WriteAllText(this["file"], "");
        return this["file", "below"];
    }

    /// <summary>The paths of all files, relative and in order.</summary>
    public static string[] FilesBelow(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
