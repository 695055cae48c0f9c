using System.Text.Json;
using Interp.Cli.Output;

namespace Interp.Cli.Tables.Reading;

/// <summary>One result: its manifest, and the files that it vouches for.</summary>
internal sealed class FoundResult
{
    private readonly string _root;
    private readonly string[] _files, _tables;

    /// <param name="root">The folder that the user named, in full.</param>
    /// <param name="file">The manifest.</param>
    /// <param name="manifest">What it holds.</param>
    /// <param name="named">What the user called the folder where there are several, else nothing.</param>
    internal FoundResult(string root, string file, JsonElement manifest, string named)
    {
        (_root, Folder, Manifest, Kind) = (root, Path.GetDirectoryName(file)!, manifest, ResultKind.Of(manifest));
        string relative = Path.GetRelativePath(root, Folder);
        string place = named.Length > 0 ? Path.Combine(named, relative == "." ? "" : relative) : relative;
        place = Path.TrimEndingDirectorySeparator(place == "." ? Path.GetFileName(root) : place);
        Place = place.Replace(Path.DirectorySeparatorChar, '/');
        // A file that is the whole of a result has no list of files; the table of the same name is the same as lines.
        string table = Path.ChangeExtension(file, ".csv");
        _tables = Path.GetFileName(file) != ResultFiles.ManifestName && Beside(Path.GetFileName(table)) is not null
            ? [Path.GetFileName(table)] : [];
        _files = FieldPath.Find(manifest, "files") is { ValueKind: JsonValueKind.Array } files
            ? [.. files.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.String).Select(f => f.GetString()!)] : [];
    }

    /// <summary>The folder of the manifest.</summary>
    internal string Folder { get; }

    /// <summary>The folder below the one that the user named, with that one where there are several.</summary>
    internal string Place { get; }

    internal JsonElement Manifest { get; }

    internal ResultKind Kind { get; }

    /// <summary>The tables beside the manifest.</summary>
    internal IEnumerable<string> Tables => _files.Where(f => f.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).Concat(_tables);

    /// <summary>The file of an image: one of the manifest's, by its name with or without its ending; <c>input</c> is that of the folder
    /// above, which the results of one image share.</summary>
    internal ResultFile? Image(string name) => File(_files.FirstOrDefault(f => f == name) ?? _files.FirstOrDefault(f => f == $"{name}.png"))
        ?? (name == "input" ? Beside(Path.Combine("..", ImageFolder.InputName)) : null)
        ?? (name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? Beside(name) : null);

    /// <summary>A file that the manifest names; null where it does not, or where it is not there or lies elsewhere.</summary>
    internal ResultFile? File(string? name) => name is null ? null
        : _tables.Contains(name) ? Beside(name)
        : _files.Contains(name) && Beside(name) is { } file ? file with { Sum = SumOf(name) }
        : null;

    private string? SumOf(string file) => FieldPath.Find(Manifest, "sha256") is { ValueKind: JsonValueKind.Object } sums
        && sums.TryGetProperty(file, out JsonElement sum) && sum.ValueKind == JsonValueKind.String ? sum.GetString() : null;

    private ResultFile? Beside(string name) =>
        InsideFolder.Find(_root, Folder, name) is { } path ? new ResultFile(path, null) : null;
}

/// <summary>A file of a result.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Sum">Its SHA-256 by the manifest, or null where that says nothing of it.</param>
internal sealed record ResultFile(string Path, string? Sum)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>What it holds; null where it has changed since the manifest was written.</summary>
    internal byte[]? Bytes() => InsideFolder.Bytes(Path, Sum);

    /// <summary>The same of a PNG file, null of any other.</summary>
    internal byte[]? Png() => Bytes() is { } bytes && bytes.AsSpan().StartsWith(PngSignature) ? bytes : null;
}
