using Interp.Engine.Common;

namespace Interp.Weights;

/// <summary>What a model may be called: its name is also a folder's, and stands in messages and manifests.</summary>
internal static class ModelName
{
    /// <summary>1 to 100 letters, digits, spaces and <c>. _ + -</c>, the first and last a letter, digit or underscore.</summary>
    internal static bool IsValid(string? name) => name is { Length: >= 1 and <= 100 }
        && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '+' or '-' or ' ')
        && IsEnd(name[0]) && IsEnd(name[^1]);

    /// <exception cref="InputException">The name is not valid.</exception>
    internal static string Require(string name, string option) => IsValid(name)
        ? name
        : throw new InputException(
            $"{option} '{Text.OneLine(name)}': expected 1 to 100 letters, digits, spaces and . _ + -, "
            + "starting and ending with a letter, digit or _");

    private static bool IsEnd(char c) => char.IsLetterOrDigit(c) || c == '_';
}
