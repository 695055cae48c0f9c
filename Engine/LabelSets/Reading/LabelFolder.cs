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
    private readonly Lazy<ILookup<string, string>> _byFileName;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "" };

    private LabelFolder(string root, List<string> files)
    {
        (Root, Files) = (root, files);
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

    /// <summary>Where a file lies.</summary>
    public string Full(string file) => Path.Combine(Root, file);

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
        foreach (string file in Below(folder).Where(ImageFormat.HasExtension))
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
        why = "is not in the folder";
        if (relative.Length == 0)
        {
            return null;
        }

        foreach (string folder in preferred)
        {
            if (Find(In(folder, relative)) is { } file && ImageFormat.HasExtension(file))
            {
                return file;
            }
        }

        string normal = LabelNames.Normal(relative);
        string[] found = [.. _byFileName.Value[FileName(normal)]];
        string[] best = [.. found.Where(f => ("/" + LabelNames.Normal(f)).EndsWith("/" + normal, StringComparison.Ordinal))];
        best = best.Length > 0 ? best : found;
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

    private static void List(string root, string folder, string prefix, HashSet<string> entered, List<string> files, int level)
    {
        string real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);
        if (!entered.Add(real) || level > MostLevels)
        {
            return;
        }

        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name[0] != '.'))
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
