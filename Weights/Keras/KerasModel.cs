using System.Collections.Immutable;

namespace Interp.Weights.Keras;

/// <summary>A value of a model: what a layer made at one of its calls.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Call">Which of its calls, from 0.</param>
/// <param name="Output">Which of its outputs.</param>
internal readonly record struct KerasReference(string Layer, int Call, int Output);

/// <summary>An argument of a call: a value, or a number.</summary>
internal readonly record struct KerasArgument(KerasReference? Value, double? Number);

/// <summary>One call of a layer.</summary>
/// <param name="Arguments">Its arguments in order, lists taken apart.</param>
internal sealed record KerasCall(ImmutableArray<KerasArgument> Arguments);

/// <summary>A layer of a model, or an operation that stands where a layer could.</summary>
/// <param name="Name">Its name, unique in its model.</param>
/// <param name="Class">Its class: <c>Conv2D</c>.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="IsOperation">Whether it is no layer but a function (<c>keras.ops.add</c>).</param>
/// <param name="Inner">The model that it is, if it is one.</param>
/// <param name="Calls">Its calls.</param>
/// <param name="InputShape">The shape of its input, where the file says it.</param>
internal sealed record KerasLayer(
    string Name, string Class, LayerSettings Settings, bool IsOperation, KerasModel? Inner, ImmutableArray<KerasCall> Calls,
    ImmutableArray<long?>? InputShape)
{
    /// <summary>What it is, for messages.</summary>
    internal string Where(string path) => $"layer '{Text.OneLine(path)}' ({Text.OneLine(Class)})";
}

/// <summary>A model: layers and how they call each other.</summary>
/// <param name="IsSequential">Whether it is a chain.</param>
/// <param name="Layers">Its layers, in the file's order.</param>
/// <param name="Inputs">The values that come in.</param>
/// <param name="Outputs">The values that come out.</param>
internal sealed record KerasModel(
    bool IsSequential, ImmutableArray<KerasLayer> Layers, ImmutableArray<KerasReference> Inputs, ImmutableArray<KerasReference> Outputs)
{
    /// <summary>The class of a model's input.</summary>
    internal const string InputClass = "InputLayer";
}
