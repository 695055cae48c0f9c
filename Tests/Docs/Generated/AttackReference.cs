using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;

namespace Interp.Tests.Docs.Generated;

/// <summary>Every attack and its options.</summary>
internal static class AttackReference
{
    public static IEnumerable<string> Attacks() =>
    [
        "",
        "| attack | what it does | norms | options, with their defaults | from |",
        "| --- | --- | --- | --- | --- |",
        .. Interp.Engine.Adversarial.Attacks.All.OrderBy(a => a.IsMinimal).Select(a =>
            $"| `{a.Name}` | {(a.IsMinimal ? "nearest: " : "")}{a.Summary} | {string.Join(", ", a.Norms.Select(n => n.Name))} | "
            + $"{string.Join(", ", a.Options.Select(o => $"`{o.Name}` {Escaped(o.Default)}"))} | {Escaped(a.Source)} |"),
        "",
    ];

    public static IEnumerable<string> Options() =>
    [
        "",
        "| option | what it is | values |",
        "| --- | --- | --- |",
        .. Interp.Engine.Adversarial.Attacks.All.SelectMany(a => a.Options).DistinctBy(o => (o.Name, o.Summary)).Select(Row),
        "",
    ];

    private static string Row(MethodOption option) => $"| `--{option.Name}` | {option.Summary} | {Escaped(option.Expected)} |";

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
