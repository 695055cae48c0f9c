using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.Onnx;

/// <summary>An operator on its way from a file's opset to the newest.</summary>
internal sealed class NodeDraft
{
    /// <summary>The operator, after its domain where that is not ONNX's own.</summary>
    internal required string Operator { get; set; }

    /// <summary>What the file calls the node, or its first value.</summary>
    internal required string Label { get; init; }

    /// <summary>The module that computes it; null if not known.</summary>
    internal required string? Module { get; set; }

    /// <summary>The values that it reads; empty for one that is left out.</summary>
    internal required List<string> Inputs { get; init; }

    /// <summary>The values that it makes; empty for one that nobody reads.</summary>
    internal required List<string> Outputs { get; init; }

    /// <summary>Its attributes, of the types of <see cref="OperatorAttributes"/>.</summary>
    internal Dictionary<string, object> Attributes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The values of outer graphs that its graphs read.</summary>
    internal HashSet<string> Captures { get; } = new(StringComparer.Ordinal);

    /// <summary>The name of an input; empty if it is left out.</summary>
    internal string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    /// <summary>Sets an input, leaving out what is missing before it.</summary>
    internal void SetInput(int index, string name)
    {
        while (Inputs.Count <= index)
        {
            Inputs.Add("");
        }

        Inputs[index] = name;
    }

    /// <summary>Takes an attribute away; null if it is not there.</summary>
    /// <exception cref="ModelException">It is of another type.</exception>
    internal T? Take<T>(string name)
        where T : struct
    {
        if (!Attributes.Remove(name, out object? value))
        {
            return null;
        }

        return value is T typed ? typed : throw Error($"attribute '{Text.OneLine(name)}' is of an unexpected type");
    }

    /// <summary>An error that names the operator and its place.</summary>
    internal ModelException Error(string what) => new($"{Finish().Where}: {what}");

    /// <summary>The operator as it is now.</summary>
    internal OperatorNode Finish() => new(Operator, Label, Module, Trimmed(Inputs), Trimmed(Outputs), new OperatorAttributes(Attributes));

    private static ImmutableArray<string> Trimmed(List<string> names) =>
        [.. names.Take(names.FindLastIndex(n => n.Length > 0) + 1)];
}

/// <summary>The constants of a graph while its operators are translated.</summary>
internal interface IDraftConstants
{
    /// <summary>A new constant; returns its name.</summary>
    string Add(ElementType type, ImmutableArray<long> shape, double[] values);

    /// <summary>The constant that a name stands for, or null where it is none.</summary>
    GraphTensor? Find(string name);

    /// <summary>A name that no value has.</summary>
    string NewValue(string like);
}
