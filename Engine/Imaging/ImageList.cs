using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;

namespace Interp.Engine.Imaging;

/// <summary>
/// The image files that a user's file or folder stands for. A file stands for itself, whatever its name. A folder stands for the images in
/// it: the files with the extension of an image that can be read (jpg, jpeg, jpe, jfif, png, bmp, gif, tga, psd, in any case), and those
/// that
/// begin like one (hidden files aside). A folder without any stands for the folders in it (hidden ones aside), by the same rule: a folder
/// of
/// class folders for the images of all classes. The order is ordinal by name, folder by folder.
/// </summary>
public sealed class ImageList
{
    private const int NamesShown = 3;

    private readonly List<string> _files = [];
    private readonly List<(string Path, ForeignKind Kind)> _unread = [];
    private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly int _perFolder;

    private ImageList(string path, int perFolder) => (_path, _perFolder) = (path, perFolder);

    /// <summary>The images.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>
    /// What looks like an image, by its name or its first bytes, and cannot be read: how many of which kinds, and what to do; null if
    /// nothing.
    /// </summary>
    public string? Unread { get; private set; }

    /// <summary>What is worth knowing about the choice, such as folders that were not looked into; null if nothing.</summary>
    public string? Remark { get; private set; }

    /// <summary>The images that a file or folder stands for.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="perFolder">How many images to take of each folder at most; 0 for all.</param>
    /// <exception cref="InputException">The path does not exist, or a folder cannot be read or holds no image that can.</exception>
    public static ImageList Of(string path, int perFolder = 0)
    {
        InputFile.RequireExistence(path);
        var list = new ImageList(path, perFolder);
        if (!Directory.Exists(path))
        {
            list._files.Add(path);
            return list;
        }

        list.Enter(path, Path.GetFullPath(path));
        list.Unread = list.Describe();
        return list._files.Count > 0 ? list
            : throw new InputException(
                list.Unread ?? $"{path}: the folder holds no image ({ImageFormat.AllExtensions}), nor do the folders in it");
    }

    /// <param name="folder">The folder as the user would name it.</param>
    /// <param name="real">Where it is, to notice links that lead back.</param>
    private void Enter(string folder, string real)
    {
        if (!_entered.Add(real))
        {
            return;
        }

        try
        {
            ILookup<bool, string> entries =
                Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).ToLookup(Directory.Exists);
            string[] images = [.. entries[false].Where(IsImage)], inside = [.. entries[true].Where(f => !IsHidden(f))];
            _files.AddRange(_perFolder > 0 ? images.Take(_perFolder) : images);
            if (images.Length == 0)
            {
                foreach (string next in inside)
                {
                    string? target = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
                    Enter(next, target ?? Path.Combine(real, Path.GetFileName(next)));
                }
            }
            else if (inside.Where(f => Directory.EnumerateFiles(f).Any(ImageFormat.HasExtension)).ToArray() is { Length: > 0 } more)
            {
                Remark = $"{folder}: it has images of its own, so the folders in it that hold images are not looked into: {Names(more)}";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a file in a folder is meant; what looks like an image of a kind that cannot be read is written down.</summary>
    private bool IsImage(string file)
    {
        if (ImageFormat.HasExtension(file))
        {
            return !Path.GetFileName(file).StartsWith("._", StringComparison.Ordinal); // macOS's notes about the file of that name
        }

        if (IsHidden(file))
        {
            return false;
        }

        ReadOnlySpan<byte> head = InputFile.Head(file, ForeignKind.HeadLength);
        if (ImageFormat.OfSignature(head) is not null)
        {
            return true;
        }

        (ForeignKind? content, ForeignKind? name) = (ForeignKind.OfContent(head), ForeignKind.OfName(file));
        if (content is { IsImage: true } || name is { IsImage: true })
        {
            _unread.Add((file, content ?? name!));
        }

        return false;
    }

    private string? Describe()
    {
        if (_unread.Count == 0)
        {
            return null;
        }

        IEnumerable<string> kinds = _unread.GroupBy(u => u.Kind).Select(g =>
        {
            string[] paths = [.. g.Select(u => u.Path)];
            return $"{paths.Length} {g.Key.Name} ({Names(paths)})";
        });
        (string first, ForeignKind kind) = _unread[0];
        string images = _unread.Count == 1 ? "1 image" : $"{_unread.Count} images";
        return $"{_path}: {images} cannot be read: {string.Join(", ", kinds)}; expected {ImageFormat.Names}; {kind.AdviceFor(first)}";
    }

    private string Names(string[] paths) =>
        string.Join(", ", paths.Take(NamesShown).Select(p => Path.GetRelativePath(_path, p))) + (paths.Length > NamesShown ? ", …" : "");

    /// <summary>Whether a file or folder is hidden, by its name.</summary>
    internal static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');
}
