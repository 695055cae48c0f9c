namespace Interp.Weights.TorchExport;

/// <summary>The modules that call an operator, as an exported program notes them.</summary>
internal static class ModuleStack
{
    private const int LongestPath = 1000;

    /// <summary>
    /// The path of the innermost module of <c>key,path,class;…</c>, with <c>_k</c> behind it in its (k+1)th call, which the key has as
    /// <c>@k</c>; empty for the network itself; null where the note says nothing.
    /// </summary>
    internal static string? Path(string stack)
    {
        string last = stack[(stack.LastIndexOf(';') + 1)..];
        if (last.Split(',') is not [var key, var path, ..] || path.Length > LongestPath
            || key.StartsWith("_empty_nn_module_stack", StringComparison.Ordinal))
        {
            return null;
        }

        int at = key.LastIndexOf('@');
        return at >= 0 && int.TryParse(key.AsSpan(at + 1), out int call) && call > 0 && path.Length > 0 ? $"{path}_{call}" : path;
    }
}
