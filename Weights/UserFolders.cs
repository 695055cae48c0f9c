namespace Interp.Weights;

/// <summary>The user's folders, by the XDG rules on every system: a variable counts only if it holds an absolute path.</summary>
internal static class UserFolders
{
    /// <summary>For what is kept: <c>$XDG_DATA_HOME/interp</c>, by default <c>~/.local/share/interp</c>.</summary>
    internal static string Data => Of("XDG_DATA_HOME", ".local/share");

    /// <summary>For what can be fetched again: <c>$XDG_CACHE_HOME/interp</c>, by default <c>~/.cache/interp</c>.</summary>
    internal static string Cache => Of("XDG_CACHE_HOME", ".cache");

    private static string Of(string variable, string underHome)
    {
        string? folder = Environment.GetEnvironmentVariable(variable);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(Path.IsPathFullyQualified(folder ?? "") ? folder! : Path.Combine(home, underHome), "interp");
    }
}
