using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.TorchExport;

/// <summary>
/// One use of an operator: its arguments, and what is written for it. It notes which arguments have been looked at, so that one that
/// changes something and is not understood can never be passed over: <see cref="RequireAllRead"/>.
/// </summary>
internal sealed class AtenCall
{
    private readonly AtenSignature _signature;
    private readonly Dictionary<string, ExportArgument> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>A use of an operator.</summary>
    /// <exception cref="ModelException">An argument is not known, or given twice.</exception>
    internal AtenCall(AtenSignature signature, ExportNode node, GraphWriter writer)
    {
        (_signature, Writer) = (signature, writer);
        foreach ((string name, ExportArgument value) in node.Inputs)
        {
            if (!signature.Has(name) || !_given.TryAdd(name, value))
            {
                throw new ModelException($"its argument '{Text.OneLine(name)}' is not understood");
            }
        }
    }

    /// <summary>Where operators and constants are written.</summary>
    internal GraphWriter Writer { get; }

    /// <summary>Whether the operator has an argument of that name.</summary>
    internal bool Has(string name) => _signature.Has(name);

    /// <summary>Whether an argument is None.</summary>
    internal bool IsNone(string name) => Get(name).Kind == "as_none";

    /// <summary>The value of a tensor.</summary>
    internal string Tensor(string name) => TensorName(name) is { } tensor ? Writer.Read(tensor) : throw Wrong(name, "a tensor");

    /// <summary>What the file says of a tensor; null where it says nothing.</summary>
    internal ExportTensor? Meta(string name) => TensorName(name) is { } tensor ? Writer.Meta(tensor) : null;

    /// <summary>The number of a tensor's axes.</summary>
    /// <exception cref="ModelException">The file does not say it.</exception>
    internal int Rank(string name) => Meta(name)?.Sizes.Length
        ?? throw new ModelException($"the file does not say the shape of its argument '{name}'");

    /// <summary>The values of a list of tensors, null for one that is None.</summary>
    internal ImmutableArray<string?> Tensors(string name) => Get(name).Value is ImmutableArray<string?> tensors
        ? [.. tensors.Select(t => t is null ? null : Writer.Read(t))]
        : throw Wrong(name, "tensors");

    /// <summary>A whole number.</summary>
    internal long Whole(string name) => Get(name).Value is long whole ? whole : throw Wrong(name, "a whole number");

    /// <summary>A number.</summary>
    internal double Number(string name) => Get(name).Value switch
    {
        long whole => whole,
        double number => number,
        _ => throw Wrong(name, "a number"),
    };

    /// <summary>True or false.</summary>
    internal bool Flag(string name) => Get(name).Value is bool flag ? flag : throw Wrong(name, "true or false");

    /// <summary>Text.</summary>
    internal string Word(string name) => Get(name) is { Kind: "as_string", Value: string word } ? word : throw Wrong(name, "text");

    /// <summary>Whole numbers.</summary>
    internal ImmutableArray<long> Wholes(string name) => Get(name).Value switch
    {
        ImmutableArray<long> list => list,
        long one => [one],
        ImmutableArray<object> sizes when sizes.All(s => s is long) => [.. sizes.Cast<long>()],
        _ => throw Wrong(name, "whole numbers"),
    };

    /// <summary>Numbers.</summary>
    internal ImmutableArray<double> Numbers(string name) => Get(name).Value is ImmutableArray<double> list ? list
        : throw Wrong(name, "numbers");

    /// <summary>Two whole numbers, of height and width; one stands for both.</summary>
    internal ImmutableArray<long> Pair(string name) => Wholes(name) switch
    {
        [var one] => [one, one],
        [var height, var width] => [height, width],
        _ => throw Wrong(name, "two whole numbers"),
    };

    /// <summary>Sizes: whole numbers, and names of values that hold one.</summary>
    internal ImmutableArray<object> Sizes(string name) => Get(name).Value switch
    {
        ImmutableArray<object> sizes => sizes,
        ImmutableArray<long> list => [.. list.Cast<object>()],
        var one and (long or string) => [one],
        _ => throw Wrong(name, "sizes"),
    };

    /// <summary>The value of a tensor, of a number or of a size: an operand.</summary>
    internal string Operand(string name, bool isWhole = false) => Get(name) switch
    {
        { Kind: "as_tensor", Value: string tensor } => Writer.Read(tensor),
        { Kind: "as_sym_int", Value: string size } => isWhole ? Writer.Read(size)
            : Writer.Step("Cast", [Writer.Read(size)], ("to", ScalarTypes.Onnx(7))),
        { Value: bool flag } => Writer.Scalar(flag ? 1 : 0, isWhole),
        _ => Writer.Scalar(Number(name), isWhole),
    };

    /// <summary>Counts arguments as looked at that change nothing.</summary>
    internal void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _read.Add(name);
        }
    }

    /// <summary>An argument that only one value of is understood.</summary>
    /// <exception cref="ModelException">It is another.</exception>
    internal void Require(bool isRight, string name, string expected)
    {
        if (!isRight)
        {
            throw new ModelException($"its argument '{name}' is {Describe(Get(name))}, expected {expected}");
        }
    }

    /// <summary>Writes the operator whose results are the call's.</summary>
    internal void Write(string @operator, ImmutableArray<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Writer.Result(@operator, inputs, attributes);

    /// <summary>An argument that differs from its default and that nobody has looked at is refused.</summary>
    /// <exception cref="ModelException">There is one.</exception>
    internal void RequireAllRead()
    {
        foreach ((string name, ExportArgument value) in _given)
        {
            if (!_read.Contains(name) && !_signature.IsDefault(name, value))
            {
                throw new ModelException($"its argument '{name}' is {Describe(value)}, which is not understood");
            }
        }
    }

    private string? TensorName(string name) => Get(name) switch
    {
        { Kind: "as_tensor" or "as_optional_tensor", Value: string tensor } => tensor,
        _ => null,
    };

    private ExportArgument Get(string name)
    {
        _read.Add(name);
        return _given.GetValueOrDefault(name) ?? _signature.DefaultOf(name)
            ?? throw new ModelException($"its argument '{name}' is missing");
    }

    private ModelException Wrong(string name, string expected) =>
        new($"its argument '{name}' is {Describe(Get(name))}, expected {expected}");

    private static string Describe(ExportArgument value) => value.Value switch
    {
        null => value.Kind == "as_none" ? "None" : $"of the kind '{Text.OneLine(value.Kind)}'",
        string text => $"'{Text.OneLine(text)}'",
        ImmutableArray<long> list => $"[{string.Join(", ", list.Take(8))}]",
        long or double or bool => Convert.ToString(value.Value, System.Globalization.CultureInfo.InvariantCulture)!,
        _ => $"of the kind '{Text.OneLine(value.Kind)}'",
    };
}
