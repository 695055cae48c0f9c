using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Training;

/// <summary>A folder with a folder of images for each class, in the ordinal order of their names; hidden folders are passed over.</summary>
/// <param name="Names">The folders' names, by class.</param>
/// <param name="Files">The images of each class, in the order of <see cref="ImageList"/>.</param>
/// <param name="Remarks">What is worth knowing, such as files that cannot be read; one line each.</param>
public sealed record ClassFolders(
    ImmutableArray<string> Names, ImmutableArray<ImmutableArray<string>> Files, ImmutableArray<string> Remarks)
{
    /// <summary>Images of all classes.</summary>
    public int Count => Files.Sum(f => f.Length);

    /// <summary>Looks through a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It is none, holds fewer than two folders, or one of them holds no image.</exception>
    public static ClassFolders Of(string path)
    {
        InputFile.RequireExistence(path);
        string[] folders;
        try
        {
            folders = Directory.Exists(path)
                ? [.. Directory.EnumerateDirectories(path).Where(f => !ImageList.IsHidden(f)).Order(StringComparer.Ordinal)]
                : throw new InputException($"{path}: is a file, expected a folder with a folder of images for each class");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the folder cannot be read: {e.Message}", e);
        }

        if (folders.Length < 2)
        {
            throw new InputException($"{path}: holds {folders.Length} folders, expected at least two, one of images for each class");
        }

        ImageList[] lists = [.. folders.Select(f => ImageList.Of(f))];
        return new ClassFolders(
            [.. folders.Select(f => Path.GetFileName(f))],
            [.. lists.Select(l => l.Files.ToImmutableArray())],
            [.. lists.SelectMany(l => new[] { l.Remark, l.Unread }).OfType<string>()]);
    }
}
