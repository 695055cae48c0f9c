namespace Interp.Weights.Checkpoints;

/// <summary>The parts of a tensor's name.</summary>
internal static class NameParts
{
    /// <summary>Names in files may be long; no module lies so deep.</summary>
    private const int MaxDepth = 24;

    /// <summary>
    /// Each part with what stands before it, both with the dots behind them: <c>features.0.weight</c> is <c>features.</c> below the empty
    /// name, <c>0.</c> below <c>features.</c>, <c>weight</c> below <c>features.0.</c>. What lies deeper than any module is one part.
    /// </summary>
    internal static IEnumerable<(string Parent, string Part)> Of(string name)
    {
        int start = 0;
        for (int depth = 0; start < name.Length; depth++)
        {
            int dot = depth < MaxDepth ? name.IndexOf('.', start) : -1;
            int end = dot < 0 ? name.Length : dot + 1;
            yield return (name[..start], name[start..end]);
            start = end;
        }
    }

    /// <summary>Whether a name ends with some whole parts.</summary>
    internal static bool EndsWith(string name, string parts) =>
        name.EndsWith(parts, StringComparison.Ordinal) && (name.Length == parts.Length || name[^(parts.Length + 1)] == '.');
}
