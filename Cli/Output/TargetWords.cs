namespace Interp.Cli.Output;

/// <summary>What was explained, as people read it.</summary>
internal static class TargetWords
{
    /// <summary><c>30 tabby, logit</c>; <c>30 tabby rather than 31 lynx, logit difference</c>; <c>channel features.28:264</c>.</summary>
    internal static string Of(Manifest m) => m.IsUnit ? Named(m) : $"{Named(m)}, {m.Target}";

    /// <summary>The same without saying what of a class it is.</summary>
    internal static string Named(Manifest m) => m.IsUnit ? m.TargetDescription
        : $"{m.Class} {Short(m.Label!)}{(m.Against is { } a ? $" rather than {a} {Short(m.AgainstLabel!)}" : "")}";

    /// <summary>The first of a label's names, so that lines stay short.</summary>
    internal static string Short(string label) => label.Split(',')[0];
}
