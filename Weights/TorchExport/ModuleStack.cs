namespace Interp.Weights.TorchExport;

/// <summary>The modules that call operators, as an exported program notes them.</summary>
internal static class ModuleStack
{
    private const int LongestPath = 1000;

    /// <summary>
    /// The path of the innermost module of <c>key,path,class;…</c>, with <c>_k</c> behind it in its (k+1)th call, which the key has as
    /// <c>@k</c>; empty for the network itself; null where the note says nothing.
    /// </summary>
    /// <param name="stack">The note.</param>
    /// <param name="isNumbered">Whether it says which call it is.</param>
    internal static string? Path(string stack, out bool isNumbered)
    {
        isNumbered = false;
        string last = stack[(stack.LastIndexOf(';') + 1)..];
        if (last.Split(',') is not [var key, var path, ..] || path.Length > LongestPath
            || key.StartsWith("_empty_nn_module_stack", StringComparison.Ordinal))
        {
            return null;
        }

        int at = key.LastIndexOf('@');
        isNumbered = at >= 0 && int.TryParse(key.AsSpan(at + 1), out int call) && call > 0 && path.Length > 0;
        return isNumbered ? $"{path}_{key[(at + 1)..]}" : path;
    }

    /// <summary>
    /// The modules of all operators. Older programs do not number calls: there a module without others in it is called again where
    /// operators of another one stand between its own.
    /// </summary>
    internal static IReadOnlyList<string?> Of(IReadOnlyList<ExportNode> nodes)
    {
        string?[] modules = [.. nodes.Select(n => n.Stack)];
        if (nodes.Any(n => n.IsNumbered))
        {
            return modules;
        }

        List<string> paths = [.. modules.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        string? before = null;
        for (int i = 0; i < modules.Length; i++)
        {
            if (modules[i] is not { Length: > 0 } path)
            {
                before = modules[i] ?? before;
                continue;
            }

            if (path != before && HasNoneInside(paths, path))
            {
                calls[path] = calls.GetValueOrDefault(path, -1) + 1;
            }

            modules[i] = calls.GetValueOrDefault(path) is > 0 and var call ? $"{path}_{call}" : path;
            before = path;
        }

        return modules;
    }

    private static bool HasNoneInside(List<string> paths, string path)
    {
        int at = paths.BinarySearch(path + ".", StringComparer.Ordinal);
        at = at < 0 ? ~at : at;
        return at == paths.Count || !paths[at].StartsWith(path + ".", StringComparison.Ordinal);
    }
}
