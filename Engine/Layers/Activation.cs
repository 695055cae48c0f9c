using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// An elementwise activation function other than the ReLU: y = f(x). Backward: R·f'(x), or what a <see cref="Rules.ReluRule"/> that is
/// asked to apply to it makes of that.
/// </summary>
/// <param name="Function">The function's name in <see cref="ActivationFunctions"/>: <c>silu</c>.</param>
/// <param name="Values">The values of its parameters in their order; null for the usual ones.</param>
public sealed record Activation(
    string Function, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Values = null) : Layer
{
    internal const string Name = "activation";

    /// <summary>The layer of a function.</summary>
    public static Activation Of(ActivationFunction function) =>
        new(function.Name, function.Parameters.Length == 0 ? null : function.Values);

    /// <summary>The function's name, by which layers of this kind are told apart.</summary>
    public override string Kind => Function;

    /// <summary>The function.</summary>
    /// <exception cref="ModelException">There is none of that name, or it has other parameters.</exception>
    [JsonIgnore]
    public ActivationFunction F => ActivationFunctions.All.TryFind(Function, out ActivationFunction? found)
        ? Values is null ? found : found.With(Values)
        : throw new ModelException($"activation function '{Function}': expected {string.Join(", ", ActivationFunctions.All.Names)}");

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        _ = F;
        return Expect.One(Kind, inputs);
    }

    /// <summary>Whether two layers have the same function with the same values.</summary>
    public bool Equals(Activation? other) => other is not null && Function == other.Function
        && (Values is null ? other.Values is null : other.Values is not null && Values.SequenceEqual(other.Values));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Function, Values?.Count);
}
