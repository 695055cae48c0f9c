namespace Interp.Tests.Support;

/// <summary>Files that are not in the repository: test material in a folder <c>shared</c> beside the clone.</summary>
internal static class SharedFolder
{
    /// <summary>The path of a file or folder there; without it the test is inconclusive.</summary>
    public static string Find(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        Assert.Inconclusive($"no folder shared with {relative} beside the clone");
        return "";
    }
}
