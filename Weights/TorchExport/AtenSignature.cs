using System.Collections.Immutable;
using System.Globalization;

namespace Interp.Weights.TorchExport;

/// <summary>
/// The arguments of an operator of PyTorch in order, with their defaults: files leave out the arguments that equal them.
/// </summary>
internal sealed class AtenSignature
{
    private readonly Dictionary<string, ExportArgument?> _arguments = new(StringComparer.Ordinal);

    /// <summary>Reads <c>max_pool2d.default(self, kernel_size, stride=[], padding=0)</c>.</summary>
    internal AtenSignature(string text)
    {
        int open = text.IndexOf('(');
        Name = text[..open];
        string[] arguments = text[(open + 1)..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries);
        foreach (string[] parts in arguments.Select(a => a.Split('=')))
        {
            First ??= parts[0];
            _arguments.Add(parts[0], parts.Length == 1 ? null : Default(parts[1]));
        }
    }

    /// <summary>The operator with its overload: <c>conv2d.default</c>.</summary>
    internal string Name { get; }

    /// <summary>The name of its first argument.</summary>
    internal string? First { get; }

    /// <summary>Whether there is an argument of that name.</summary>
    internal bool Has(string argument) => _arguments.ContainsKey(argument);

    /// <summary>The default of an argument, or null where it must be given.</summary>
    internal ExportArgument? DefaultOf(string argument) => _arguments[argument];

    /// <summary>Whether a value that is given is the default.</summary>
    internal bool IsDefault(string argument, ExportArgument value) => (DefaultOf(argument), value) switch
    {
        (null, _) => false,
        ({ Value: long wanted }, { Value: ImmutableArray<long> given }) => given.All(g => g == wanted),
        ({ Value: ImmutableArray<long> }, { Value: ImmutableArray<long> given }) => given.IsEmpty,
        ({ Kind: var wantedKind, Value: var wanted }, { Kind: var kind, Value: var given }) =>
            wantedKind == kind && Equals(wanted, given),
    };

    private static ExportArgument Default(string text) => text switch
    {
        "None" => ExportArgument.None,
        "True" => new ExportArgument("as_bool", true),
        "False" => new ExportArgument("as_bool", false),
        "[]" => new ExportArgument("as_ints", ImmutableArray<long>.Empty),
        _ when text.StartsWith('\'') => new ExportArgument("as_string", text[1..^1]),
        _ when text.Contains('.') || text.Contains('e') =>
            new ExportArgument("as_float", double.Parse(text, CultureInfo.InvariantCulture)),
        _ => new ExportArgument("as_int", long.Parse(text, CultureInfo.InvariantCulture)),
    };
}
