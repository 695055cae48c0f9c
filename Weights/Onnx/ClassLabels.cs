using System.Collections.Immutable;

namespace Interp.Weights.Onnx;

/// <summary>Finds the classes' names in a file's metadata.</summary>
internal static class ClassLabels
{
    /// <summary>
    /// The keys under which exporters write them: Ultralytics' <c>names</c> (a mapping from numbers), PaddleOCR's <c>character</c> (a line
    /// each), and those that people use; the first that holds some counts.
    /// </summary>
    private static readonly string[] Keys = ["names", "labels", "classes", "class_names", "class_labels", "id2label", "character"];

    /// <summary>The names, or null where there are none that can be understood.</summary>
    internal static ImmutableArray<string>? Find(IReadOnlyList<(string Key, string Value)> metadata)
    {
        foreach (string key in Keys)
        {
            foreach ((string name, string value) in metadata)
            {
                if (name.Equals(key, StringComparison.OrdinalIgnoreCase) && Read(value) is { Length: > 1 } labels)
                {
                    return [.. labels];
                }
            }
        }

        return null;
    }

    private static string[]? Read(string value)
    {
        string text = value.Trim();
        if (text.StartsWith('[') || text.StartsWith('{') || text.StartsWith('('))
        {
            return PythonLiteral.Read(text);
        }

        string[] lines = [.. text.Split('\n').Select(l => l.Trim())];
        string[] entries = lines.Length > 1 ? lines : [.. text.Split(',').Select(l => l.Trim())];
        return entries.All(e => e.Length > 0) ? entries : null;
    }
}
