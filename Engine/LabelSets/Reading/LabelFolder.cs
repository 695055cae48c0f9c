using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Imaging.Decoding;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// The files of a label set's folder, listed once: what labels name is looked for in this list alone, so that nothing outside the folder
/// is ever opened. Names are relative to the folder, with '/', in ordinal order; hidden files and folders are passed over, links
/// are followed.
/// </summary>
internal sealed class LabelFolder
{
    private const int MostFiles = 4_000_000, MostLevels = 12;

    private readonly Dictionary<string, string> _byPath = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _exact;
    private readonly Lazy<ILookup<string, string>> _byFileName;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "" };

    private readonly LabelFolder? _images;
    private readonly string _imagesAt = "";

    private LabelFolder(string root, List<string> files, LabelFolder? images = null, string imagesAt = "")
    {
        (Root, Files, _images, _imagesAt) = (root, files, images, imagesAt);
        _exact = new(() => new HashSet<string>(files, StringComparer.Ordinal));
        foreach (string file in files)
        {
            _byPath.TryAdd(LabelNames.Normal(file), file);
            for (string folder = FolderOf(file); _folders.Add(folder); folder = FolderOf(folder))
            {
            }
        }

        ByFolder = files.ToLookup(FolderOf, StringComparer.Ordinal);
        _byFileName = new(() => files.Where(ImageFormat.HasExtension).ToLookup(
            f => LabelNames.Normal(FileName(f)), StringComparer.Ordinal));
    }

    /// <summary>The folder as the user named it.</summary>
    public string Root { get; }

    /// <summary>All files.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The files that lie directly in a folder; the root is the empty name.</summary>
    public ILookup<string, string> ByFolder { get; }

    /// <summary>Every folder that has a file in it or below, the root as the empty name.</summary>
    public IEnumerable<string> Folders => _folders.Order(StringComparer.Ordinal);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="InputException">It is none, or cannot be read.</exception>
    public static LabelFolder Of(string path)
    {
        InputFile.RequireExistence(path);
        if (!Directory.Exists(path))
        {
            throw new InputException($"{path}: is a file, expected the folder of a label set");
        }

        var files = new List<string>();
        List(path, path, "", new HashSet<string>(StringComparer.Ordinal), files, 0);
        files.Sort(StringComparer.Ordinal);
        return new LabelFolder(path, files);
    }

    /// <summary>Lists the images of a folder.</summary>
    /// <exception cref="InputException">It is none, cannot be read, or has no image in it.</exception>
    public static LabelFolder OfImages(string path)
    {
        LabelFolder all = Of(path);
        List<string> images = [.. all.Files.Where(ImageFormat.HasExtension)];
        return images.Count > 0 ? new LabelFolder(path, images)
            : throw new InputException($"{path}: no image is in this folder, expected those of the labels");
    }

    /// <summary>The same folder with the images of another one as if they lay in it, in the place of files of the same names.</summary>
    /// <param name="images">The other one.</param>
    /// <param name="at">The folder in this one that it stands for.</param>
    public LabelFolder With(LabelFolder images, string at)
    {
        var files = new SortedSet<string>(Files, StringComparer.Ordinal);
        files.UnionWith(images.Files.Select(f => In(at, f)));
        return new LabelFolder(Root, [.. files], images, at);
    }

    /// <summary>Where a file or folder lies.</summary>
    public string Full(string file) => _images is null ? Path.Combine(Root, file)
        : Apart(file) is { } image ? _images.Full(image)
        : file == _imagesAt && file.Length > 0 ? _images.Root : Path.Combine(Root, file);

    /// <summary>The folder of a file or folder; of one in the root the empty name.</summary>
    public static string FolderOf(string file) => file.LastIndexOf('/') is var at and > 0 ? file[..at] : "";

    /// <summary>The last part of a name.</summary>
    public static string FileName(string file) => file[(file.LastIndexOf('/') + 1)..];

    /// <summary>A name inside a folder.</summary>
    public static string In(string folder, string name) => folder.Length == 0 ? name : name.Length == 0 ? folder : $"{folder}/{name}";

    /// <summary>Whether there is a folder of that name with a file in it or below.</summary>
    public bool HasFolder(string folder) => _folders.Contains(folder);

    /// <summary>The file of exactly that name, or null.</summary>
    public string? Find(string file) => _byPath.GetValueOrDefault(LabelNames.Normal(file));

    /// <summary>The files in a folder and below it.</summary>
    public IEnumerable<string> Below(string folder) =>
        folder.Length == 0 ? Files : Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>
    /// The images in a folder and below it, by their names relative to it without extension; where two differ in the extension alone, the
    /// first.
    /// </summary>
    public Dictionary<string, string> Images(string folder)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<string> files = Below(folder).Where(ImageFormat.HasExtension);
        foreach (string file in _images is null ? files : files.OrderBy(f => Apart(f) is null))
        {
            images.TryAdd(Stem(folder, file), file);
        }

        return images;
    }

    /// <summary>A file's name relative to a folder, without extension.</summary>
    public static string Stem(string folder, string file)
    {
        string name = LabelNames.Normal(folder.Length == 0 ? file : file[(folder.Length + 1)..]);
        return name[..^Path.GetExtension(name).Length];
    }

    /// <summary>
    /// The image that a label file means by a name: that file beside the folder given, else the only image in the whole folder whose name
    /// ends so. A path that leads out of the folder counts by its last part.
    /// </summary>
    /// <param name="name">The name as the labels have it.</param>
    /// <param name="preferred">Folders to look in first.</param>
    /// <param name="why">Why there is none.</param>
    public string? FindImage(string name, IEnumerable<string> preferred, out string why)
    {
        string[] parts = [.. name.Split('/', '\\').Where(p => p.Length > 0 && p != ".")];
        int from = Array.LastIndexOf(parts, "..") + 1;
        string relative = string.Join('/', parts.Skip(from));
        why = _images is null ? "is not in the folder" : $"is not in {_images.Root}, nor in {Root}";
        if (relative.Length == 0)
        {
            return null;
        }

        string[] beside = [.. preferred.Select(folder => Find(In(folder, relative))).OfType<string>().Where(ImageFormat.HasExtension)];
        if (beside.Length > 0)
        {
            return beside.FirstOrDefault(f => Apart(f) is not null) ?? beside[0];
        }

        string normal = LabelNames.Normal(relative);
        string[] found = [.. _byFileName.Value[FileName(normal)]];
        string[] best = [.. found.Where(f => ("/" + LabelNames.Normal(f)).EndsWith("/" + normal, StringComparison.Ordinal))];
        best = best.Length > 0 ? best : found;
        best = best.Any(f => Apart(f) is not null) ? [.. best.Where(f => Apart(f) is not null)] : best;
        why = best.Length > 1 ? $"is there {best.Length} times ({best[0]}, {best[1]})" : why;
        return best.Length == 1 ? best[0] : null;
    }

    /// <summary>A regular file's bytes.</summary>
    /// <exception cref="InputException">It is empty, no regular file, longer, or cannot be read.</exception>
    public byte[] Bytes(string file, int most)
    {
        string path = Full(file);
        RequireContent(path);
        return InputFile.Read(path, "a label file", stream =>
        {
            if (stream.Length > most)
            {
                throw new InputException($"{path}: is {stream.Length} bytes long, expected a label file of at most {most}");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }, CancellationToken.None);
    }

    /// <summary>Refuses what has no length: an empty file, and a pipe or device, reading which may never end.</summary>
    /// <exception cref="InputException">It has none.</exception>
    public static void RequireContent(string path)
    {
        if (InputFile.Head(path, 1).Length == 0)
        {
            throw new InputException($"{path}: the file is empty or cannot be read");
        }
    }

    /// <summary>The folder that a list means by a name, where images were given apart: the one that ends so, or else all of them; null if
    /// none were given.</summary>
    public string? FolderApart(string name)
    {
        string[] parts = [.. name.Split('/', '\\').Where(p => p is not ("" or "." or ".."))];
        return _images is null ? null
            : In(_imagesAt, Enumerable.Range(0, parts.Length).Select(i => string.Join('/', parts.Skip(i)))
                .FirstOrDefault(_images.HasFolder) ?? "");
    }

    /// <summary>The name of a file in the folder of images that was given apart; null if it is not from there.</summary>
    private string? Apart(string file)
    {
        if (_images is null)
        {
            return null;
        }

        string own = _imagesAt.Length == 0 ? file
            : file.StartsWith(_imagesAt + "/", StringComparison.Ordinal) ? file[(_imagesAt.Length + 1)..] : "";
        return _images._exact.Value.Contains(own) ? own : null;
    }

    private static void List(string root, string folder, string prefix, HashSet<string> entered, List<string> files, int level)
    {
        string real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);
        if (!entered.Add(real) || level > MostLevels)
        {
            return;
        }

        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => !ImageList.IsHidden(e.Name)))
            {
                string name = prefix + entry.Name;
                if (Directory.Exists(entry.FullName))
                {
                    List(root, Path.Combine(folder, entry.Name), name + "/", entered, files, level + 1);
                }
                else if (entry.Exists)
                {
                    files.Add(name);
                }

                if (files.Count > MostFiles)
                {
                    throw new InputException($"{root}: holds more than {MostFiles} files; name the folder of the label set itself");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder cannot be read: {e.Message}", e);
        }
    }
}
