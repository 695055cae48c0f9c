using Interp.Cli.Training;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Concepts;

/// <summary>Images in folders, some of which are called by a class of the model: its id, its label, one of a label's names, or its WordNet
/// id.</summary>
internal sealed class ClassFolderList
{
    private readonly List<(string File, int? Class)> _files = [];

    private ClassFolderList(string source) => Source = source;

    /// <summary>What the user named.</summary>
    internal string Source { get; }

    /// <summary>Whether any folder is called by a class.</summary>
    internal bool HasClasses => _files.Any(f => f.Class is not null);

    /// <summary>All images.</summary>
    internal IReadOnlyList<string> Files => [.. _files.Select(f => f.File)];

    /// <exception cref="InputException">There are no images.</exception>
    internal static ClassFolderList Of(string[] paths, Network network)
    {
        var list = new ClassFolderList(string.Join(" ", paths));
        var classes = new Dictionary<string, int?>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            foreach (string file in ImageList.Of(path).Files)
            {
                string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? "";
                if (!classes.TryGetValue(folder, out int? c))
                {
                    classes[folder] = c = FolderClasses.ClassOf(folder, network.Labels);
                }

                list._files.Add((file, c));
            }
        }

        return list;
    }

    /// <summary>The images of a class's folders, or null where there are none.</summary>
    internal IReadOnlyList<string>? FilesOf(int c) => _files.Where(f => f.Class == c).Select(f => f.File).ToArray() is { Length: > 0 } found
        ? found : null;

    /// <summary>The images that are in no folder of these classes.</summary>
    internal IEnumerable<string> Except(int[] classes) =>
        _files.Where(f => f.Class is not { } c || !classes.Contains(c)).Select(f => f.File);
}
