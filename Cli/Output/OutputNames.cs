namespace Interp.Cli.Output;

/// <summary>
/// Gives each input of one command its own name under the output folder: the file's name without extension, followed by <c>-2</c>,
/// <c>-3</c>, …
/// where an earlier input has taken it. Names that differ only in case count as the same, since some file systems cannot hold both.
/// </summary>
internal sealed class OutputNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A name for one input.</summary>
    /// <param name="path">The input's file.</param>
    /// <param name="index">Its place among several inputs in one file, or null.</param>
    internal string Take(string path, int? index)
    {
        string wanted = Wanted(path) + (index is null ? "" : $"-{index}");
        string name = wanted;
        for (int i = 2; IsReport(name) || !_taken.Add(name); i++)
        {
            name = $"{wanted}-{i}";
        }

        return name;
    }

    /// <summary>The name that a file would have as the only one.</summary>
    internal static string Wanted(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        return SafeName.Of(stem.All(c => c == '.') ? Path.GetFileName(path) : stem); // "..png" has the stem ".": the folder itself.
    }

    /// <summary>Whether a name is that of a report, which lies beside the folders of images.</summary>
    private static bool IsReport(string name) =>
        name.StartsWith("report", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}
