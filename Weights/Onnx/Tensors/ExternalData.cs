using System.Globalization;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Onnx.Messages;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>
/// The files beside a model that hold its parameters. A model may name files in its own folder only, by relative paths that neither climb
/// out of it nor go through a link that does, and no file that has a second name elsewhere (a hard link). One file is open at a time.
/// </summary>
/// <param name="model">The model's file.</param>
internal sealed class ExternalData(string model) : IDisposable
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private (string Name, WeightFile File)? _open;
    private string? _realFolder;

    /// <summary>Looks where a tensor's data are.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">The tensor's name for messages.</param>
    /// <param name="bytes">The bytes that its shape and type demand.</param>
    /// <param name="start">Where its first element is.</param>
    /// <returns>What reads the file.</returns>
    /// <exception cref="ModelException">It is missing, not allowed, or too short.</exception>
    internal ByteReader Reader(TensorProto tensor, string what, long bytes, out long start)
    {
        Dictionary<string, string> entries = tensor.External ?? [];
        if (!entries.TryGetValue("location", out string? name) || name.Length == 0)
        {
            throw new ModelException($"{what} has its data in another file, but does not say which; save the model again");
        }

        if (!_lengths.TryGetValue(name, out long length))
        {
            RequireInside(name, what);
            lock (_lock)
            {
                length = Open(name, what).Length;
            }

            _lengths.Add(name, length);
        }

        start = Number(entries, "offset", what) ?? 0;
        long given = Number(entries, "length", what) ?? bytes;
        if (given != bytes)
        {
            throw new ModelException($"{what} says that it has {given} bytes in {WeightFile.Quote(name)}, expected {bytes} by its shape;"
                + " the files are damaged: fetch or export them again");
        }

        if (start > length || bytes > length - start)
        {
            throw new ModelException($"{what} has {bytes} bytes from byte {start} on in {WeightFile.Quote(name)}, which has {length} bytes;"
                + " that file is truncated or another model's: fetch or export both again");
        }

        return (position, destination) =>
        {
            lock (_lock)
            {
                Open(name, what).Read(position, destination);
            }
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.File.Dispose();

    private WeightFile Open(string name, string what)
    {
        if (_open is { } open && open.Name == name)
        {
            return open.File;
        }

        _open?.File.Dispose();
        _open = null;
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            throw new ModelException($"{what} has its data in {WeightFile.Quote(name)}, which is missing or empty; put that file into"
                + $" {_folder}, or save the model with its weights inside");
        }

        WeightFile file = WeightFile.Open(path);
        if (HardLinks.Of(file.Handle) > 1)
        {
            file.Dispose();
            throw new ModelException($"{what} has its data in {WeightFile.Quote(name)}, which is a hard link and may lie outside of the"
                + " model's folder; copy the file");
        }

        _open = (name, file);
        return file;
    }

    /// <summary>The path is relative, and no part of it leads out of the model's folder.</summary>
    private void RequireInside(string name, string what)
    {
        string[] parts = name.Split('/', '\\');
        if (Path.IsPathRooted(name) || name.Any(char.IsControl) || (name.Length > 1 && name[1] == ':') || parts.Contains("..")
            || name[0] is '/' or '\\')
        {
            throw Outside(name, what);
        }

        string path = _folder;
        string root = _realFolder ??= RealFolder();
        foreach (string part in parts.Where(p => p.Length > 0))
        {
            path = Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            FileSystemInfo? target;
            try
            {
                target = entry.LinkTarget is null ? null : entry.ResolveLinkTarget(returnFinalTarget: true);
            }
            catch (IOException)
            {
                throw Outside(name, what); // A link to itself, or too many of them.
            }

            if (entry.LinkTarget is not null
                && (target is null || !(target.FullName + "/").StartsWith(root + "/", StringComparison.Ordinal)))
            {
                throw Outside(name, what);
            }
        }
    }

    /// <summary>The model's folder, links resolved: what links in it lead to is compared with this.</summary>
    private string RealFolder()
    {
        string path = Path.GetPathRoot(_folder)!;
        foreach (string part in _folder[path.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            path = new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }

        return path;
    }

    private static ModelException Outside(string name, string what) => new($"{what} has its data in {WeightFile.Quote(name)}, which leads"
        + " out of the model's folder; a model may only read files beside it: copy that file there and save the model with its name");

    private static long? Number(Dictionary<string, string> entries, string key, string what) =>
        !entries.TryGetValue(key, out string? text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new ModelException($"{what} has external data with {key} {WeightFile.Quote(text)}, expected a whole number");
}
