using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Interp.Engine.Common;

namespace Interp.Cli.Output;

/// <summary>What the manifest of every result says, so that a later run knows whether it may keep it.</summary>
internal interface IResult
{
    /// <summary>A digest of everything that the result depends on.</summary>
    string Settings { get; }

    /// <summary>The files beside the manifest, relative to its folder.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>The SHA-256 of each of them.</summary>
    IReadOnlyDictionary<string, string> Sha256 { get; }
}

/// <summary>The files of a result, each whole or not there, with the checksum of what was written.</summary>
internal abstract class ResultFiles(string path)
{
    /// <summary>The file that vouches for them.</summary>
    internal const string ManifestName = "manifest.json";

    protected const string Option = "--out";
    private readonly ConcurrentDictionary<string, string> _sums = new(StringComparer.Ordinal);

    /// <summary>The folder.</summary>
    internal string Path => path;

    /// <summary>Writes a file; may be called by several threads for different files.</summary>
    internal void Add(string file, Action<Stream> write)
    {
        using var bytes = new MemoryStream();
        write(bytes);
        _sums[file] = Sum(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        OutputFile.Write(At(file), Option, bytes.WriteTo);
    }

    /// <summary>The checksums of some files that were written.</summary>
    internal IReadOnlyDictionary<string, string> SumsOf(IEnumerable<string> files) => files.ToDictionary(f => f, f => _sums[f]);

    /// <summary>The error of two runs that put results about different things into one folder.</summary>
    internal static OutputException Disturbed(string path) =>
        new($"{Readable.Path(path)}: another run is putting results about something else there at the same time; choose another {Option}");

    /// <summary>Whether a file holds what a checksum stands for.</summary>
    protected bool Holds(string file, string sum)
    {
        try
        {
            return IsInside(file) && Sum(File.ReadAllBytes(At(file))) == sum;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Deletes a file, and the folder that it leaves empty.</summary>
    protected void Delete(string file)
    {
        if (!IsInside(file) || !File.Exists(At(file)))
        {
            return;
        }

        OutputFile.Delete(At(file), Option);
        OutputFile.DeleteEmpty(System.IO.Path.GetDirectoryName(At(file))!);
    }

    protected string At(string file) => System.IO.Path.Combine(path, file);

    /// <summary>Manifests are not trusted: none may name a file outside its own folder.</summary>
    private bool IsInside(string file) => System.IO.Path.GetFullPath(At(file))
        .StartsWith(System.IO.Path.GetFullPath(path) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>
/// A folder with one result: its files and, written last, <c>manifest.json</c>, which vouches for them with their checksums. Where a later
/// run finds its own settings there and every file as it was written, it need not make them again; what was emptied, damaged or removed is
/// made again.
/// </summary>
internal sealed class ResultFolder<T>(string path, JsonTypeInfo<T> type) : ResultFiles(path) where T : class, IResult
{
    /// <summary>The manifest that stands there, of whatever run; null if there is none that can be read.</summary>
    internal T? Found() => Stored.Read(At(ManifestName), type);

    /// <summary>The whole result of the same settings, or null.</summary>
    internal T? Existing(string settings) => Found() is { } m && m.Settings == settings && IsWhole(m) ? m : null;

    /// <summary>Whether all files are as the manifest says.</summary>
    internal bool IsWhole(T manifest) =>
        manifest.Files.Count > 0 && manifest.Files.All(f => manifest.Sha256.GetValueOrDefault(f) is { } sum && Holds(f, sum));

    /// <summary>Removes the result that was found there, its manifest first.</summary>
    internal void Remove(T found)
    {
        Delete(ManifestName);
        foreach (string file in found.Files)
        {
            Delete(file);
        }
    }

    /// <summary>
    /// Makes room for files of the given settings: a result of other settings goes as a whole, since it is not about the same; of one of
    /// the same settings the manifest goes, since the files that it vouches for are about to change.
    /// </summary>
    /// <returns>What was there of other settings, or null.</returns>
    internal T? Begin(string settings)
    {
        T? other = Found() is { } found && found.Settings != settings ? found : null;
        if (other is not null)
        {
            Remove(other);
        }

        OutputFile.CreateFolder(Path, Option);
        OutputFile.Delete(At(ManifestName), Option);
        return other;
    }

    /// <summary>Writes the manifest.</summary>
    internal void Finish(T manifest) => Stored.Write(At(ManifestName), Option, manifest, type);

    /// <summary>Writes the manifest, and looks whether its files are still those that this run has written.</summary>
    /// <exception cref="OutputException">Another run has put something else in their place.</exception>
    internal void Settle(T manifest)
    {
        Finish(manifest);
        if (!IsWhole(manifest))
        {
            throw Disturbed(Path);
        }
    }

    /// <summary>Takes back what this run has written; what another run has put in its place stays.</summary>
    internal void Withdraw(T manifest)
    {
        if (Found() is { } found && found.Settings == manifest.Settings)
        {
            Delete(ManifestName);
        }

        foreach (string file in manifest.Files.Where(f => Holds(f, manifest.Sha256[f])))
        {
            Delete(file);
        }
    }
}
