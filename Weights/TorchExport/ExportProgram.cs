using System.Collections.Immutable;

namespace Interp.Weights.TorchExport;

/// <summary>What a <c>.pt2</c> archive's JSON says of a network, without what nothing here needs (stack traces, guards, call
/// signatures).</summary>
internal sealed class ExportProgram
{
    /// <summary>Version of the JSON's rules: 8 in <c>8.20</c>.</summary>
    internal long Major { get; set; }

    /// <summary>20 in <c>8.20</c>.</summary>
    internal long Minor { get; set; }

    /// <summary>The PyTorch that wrote it; empty where it does not say so.</summary>
    internal string TorchVersion { get; set; } = "";

    /// <summary>What comes in: parameters, buffers, constants, the user's inputs.</summary>
    internal List<ExportInput> Inputs { get; } = [];

    /// <summary>What comes out.</summary>
    internal List<ExportOutput> Outputs { get; } = [];

    /// <summary>The operators in their order of execution.</summary>
    internal List<ExportNode> Nodes { get; } = [];

    /// <summary>What is said of tensors, by the names of their values: of those that the graph uses.</summary>
    internal Dictionary<string, ExportTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The smallest and the largest value of a symbol.</summary>
    internal Dictionary<string, (long Least, long Most)> Ranges { get; } = new(StringComparer.Ordinal);
}

/// <summary>Something that comes in.</summary>
/// <param name="Kind">What it is: <c>parameter</c>, <c>buffer</c>, <c>tensor_constant</c>, <c>user_input</c>, …</param>
/// <param name="Value">The name of its value in the graph; null where it is not a tensor.</param>
/// <param name="Name">Its name outside: <c>layer1.0.conv1.weight</c>; null for a user's input.</param>
internal sealed record ExportInput(string Kind, string? Value, string? Name);

/// <summary>Something that comes out.</summary>
/// <param name="Kind">What it is: <c>user_output</c>, <c>buffer_mutation</c>, …</param>
/// <param name="Value">The name of its value in the graph; null where it is not a tensor.</param>
/// <param name="Name">What it changes: the buffer; null for an output.</param>
internal sealed record ExportOutput(string Kind, string? Value, string? Name);

/// <summary>One operator.</summary>
/// <param name="Target">Which: <c>torch.ops.aten.conv2d.default</c>.</param>
/// <param name="Name">The node's name, or null in older files.</param>
/// <param name="Stack">The innermost module that calls it; null where the file does not say it.</param>
/// <param name="IsNumbered">Whether the file says that this is a further call of that module.</param>
/// <param name="Inputs">Its arguments by name; those that equal the operator's default are left out.</param>
/// <param name="Outputs">The values it makes.</param>
internal sealed record ExportNode(
    string Target, string? Name, string? Stack, bool IsNumbered, ImmutableArray<(string Name, ExportArgument Value)> Inputs,
    ImmutableArray<ExportArgument> Outputs);

/// <summary>An argument, or an output.</summary>
/// <param name="Kind">The name of the case of the union: <c>as_int</c>.</param>
/// <param name="Value">
/// Null for <c>as_none</c>; text for <c>as_string</c>, and a value's name for <c>as_tensor</c>; whole numbers, numbers and truth values;
/// lists of whole numbers, numbers and names (null: none); of sizes, each a number or the name of a value; for every other case nothing.
/// </param>
internal sealed record ExportArgument(string Kind, object? Value)
{
    /// <summary>None.</summary>
    internal static ExportArgument None { get; } = new("as_none", null);
}

/// <summary>What is said of a tensor.</summary>
/// <param name="Type">PyTorch's number of its element type plus one: 7 for float32.</param>
/// <param name="Sizes">Its sizes.</param>
internal sealed record ExportTensor(long Type, ImmutableArray<ExportSize> Sizes);

/// <summary>A size: a number or an expression over symbols.</summary>
/// <param name="Number">The number; null for an expression.</param>
/// <param name="Expression">The expression, as SymPy writes it.</param>
/// <param name="Example">What it was when the network was exported.</param>
internal readonly record struct ExportSize(long? Number, string? Expression, long? Example);
