using System.Collections.Immutable;
using Interp.Engine.Models;
using Interp.Weights.Formats;

namespace Interp.Weights.Graphs;

/// <summary>One operator of a graph. What it means is defined by ONNX's default domain in its newest version (opset 25).</summary>
/// <param name="Operator">
/// ONNX's name of it: <c>Conv</c>. What ONNX does not have bears its own: <c>com.microsoft.FusedConv</c>, and PyTorch's
/// <c>AdaptiveAveragePool</c> with the attribute <c>output_size</c>, two whole numbers.
/// </param>
/// <param name="Label">What the file calls it, for messages.</param>
/// <param name="Module">
/// The path of the module that computes it, as <c>named_modules</c> has it, second calls with <c>_1</c> (<c>layer4.2.relu_1</c>), or of
/// the layer, where layers are not nested; empty for the network itself, null where the file does not say it.
/// </param>
/// <param name="Inputs">Names of the values it reads; empty for one that is left out.</param>
/// <param name="Outputs">Names of the values it makes; empty for one that nobody reads.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OperatorNode(
    string Operator,
    string Label,
    string? Module,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    OperatorAttributes Attributes)
{
    /// <summary>The operator and its place, for messages: <c>operator GridSample (node 'grid', module 'features.3')</c>.</summary>
    internal string Where => $"operator {Text.OneLine(Operator)} (node '{Text.OneLine(Label)}'"
        + (string.IsNullOrEmpty(Module) ? ")" : $", module '{Text.OneLine(Module)}')");
}

/// <summary>A value that comes into a graph, or out of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its elements are stored; null where the file does not say it.</param>
/// <param name="Shape">Its sizes, null for one that is open; null where the file does not say their number.</param>
internal sealed record GraphPort(string Name, ElementType? Type, ImmutableArray<long?>? Shape)
{
    /// <summary>What the file says of each size that is open; null where it says nothing of it, empty where of none.</summary>
    internal ImmutableArray<OpenSize?> Open { get; init; } = [];
}

/// <summary>A size that is open within limits.</summary>
/// <param name="Example">The one that the network was exported with.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
/// <param name="Step">What it is a multiple of.</param>
internal sealed record OpenSize(long Example, long Least, long Most, long Step)
{
    /// <summary>Whether a size is one of these.</summary>
    internal bool Has(long size) => size >= Least && size <= Most && size % Step == 0;

    /// <inheritdoc/>
    public override string ToString() => Least == Most ? $"{Least}"
        : (Most == long.MaxValue ? $"from {Least} on" : $"from {Least} to {Most}") + (Step > 1 ? $" in steps of {Step}" : "");
}

/// <summary>
/// A network as a model file describes it: operators over named values. Each reader of a format makes one, and the lowering makes a
/// <see cref="Plans.ModelPlan"/> of it. What a format's own dialect is, its reader has translated.
/// </summary>
internal sealed record OperatorGraph : IDisposable
{
    /// <summary>The file, for messages.</summary>
    internal required string Path { get; init; }

    /// <summary>What the file is, in a few words: <c>ONNX, opset 17, by pytorch 2.1.0</c>.</summary>
    internal required string Origin { get; init; }

    /// <summary>The values that are given when it runs; parameters are not among them.</summary>
    internal required ImmutableArray<GraphPort> Inputs { get; init; }

    /// <summary>The values that come out.</summary>
    internal required ImmutableArray<GraphPort> Outputs { get; init; }

    /// <summary>The operators, each after those whose values it reads.</summary>
    internal required ImmutableArray<OperatorNode> Nodes { get; init; }

    /// <summary>The parameters by the names of their values.</summary>
    internal required IReadOnlyDictionary<string, GraphTensor> Constants { get; init; }

    /// <summary>What the reader assumed, or left out, one line each.</summary>
    internal IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>The classes' names, where the file holds them.</summary>
    internal ImmutableArray<string>? Labels { get; init; }

    /// <summary>How images are prepared, where the file holds it or its reader can guess it.</summary>
    internal Preprocessing? Preprocessing { get; init; }

    /// <summary>What the preparation was guessed from, in words; null where the file holds it.</summary>
    internal string? PreprocessingSource { get; init; }

    /// <summary>The files that are open while constants are read.</summary>
    internal IReadOnlyList<IDisposable> Files { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable file in Files)
        {
            file.Dispose();
        }
    }
}
