using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Keras.Layers;

/// <summary>
/// Functions that stand in a model like layers, as <c>x + y</c> does: <c>TFOpLambda</c> of Keras 2, operations of <c>keras.ops</c> of
/// Keras 3. The simple ones are read.
/// </summary>
internal static class Operations
{
    private static readonly Dictionary<string, string> OfTwo = new(StringComparer.Ordinal)
    {
        ["math.add"] = "Add",
        ["__operators__.add"] = "Add",
        ["math.subtract"] = "Sub",
        ["__operators__.sub"] = "Sub",
        ["math.multiply"] = "Mul",
        ["math.truediv"] = "Div",
        ["math.divide"] = "Div",
        ["math.maximum"] = "Max",
        ["math.minimum"] = "Min",
        ["Add"] = "Add",
        ["Subtract"] = "Sub",
        ["Multiply"] = "Mul",
        ["TrueDivide"] = "Div",
        ["Divide"] = "Div",
        ["Maximum"] = "Max",
        ["Minimum"] = "Min",
    };

    private static readonly Dictionary<string, string> OfOne = new(StringComparer.Ordinal)
    {
        ["nn.relu"] = "relu",
        ["nn.relu6"] = "relu6",
        ["nn.silu"] = "silu",
        ["nn.swish"] = "silu",
        ["math.sigmoid"] = "sigmoid",
        ["nn.sigmoid"] = "sigmoid",
        ["math.tanh"] = "tanh",
        ["nn.tanh"] = "tanh",
        ["Relu"] = "relu",
        ["Relu6"] = "relu6",
        ["Silu"] = "silu",
        ["Sigmoid"] = "sigmoid",
        ["Tanh"] = "tanh",
    };

    /// <summary>Makes operators of one call.</summary>
    /// <param name="layer">The operation.</param>
    /// <param name="call">Its call; its inputs are the arguments that are values.</param>
    /// <param name="arguments">All arguments.</param>
    internal static KerasValue Write(KerasLayer layer, LayerCall call, ImmutableArray<KerasArgument> arguments)
    {
        string function = layer.Class == "TFOpLambda" ? call.Settings.Text("function", "") : layer.Class;
        Precision.Require(call.Settings);
        KerasValue value;
        if (OfTwo.TryGetValue(function, out string? kind) && arguments.Length == 2)
        {
            value = Two(call, kind, arguments);
        }
        else if (OfOne.TryGetValue(function, out string? activation) && arguments.Length == 1)
        {
            value = Activations.Named(call, activation, call.Input, call.Path);
        }
        else
        {
            throw new ModelException($"function '{Weights.Text.OneLine(function)}' with {arguments.Length} arguments is not read; use a layer, or "
                + "export the model to ONNX");
        }

        call.Settings.RequireAllRead();
        return value;
    }

    private static KerasValue Two(LayerCall call, string kind, ImmutableArray<KerasArgument> arguments)
    {
        int next = 0;
        KerasValue[] values = [.. arguments.Select(a => a.Value is not null ? call.Inputs[next++]
            : new KerasValue(call.Graph.Number($"{call.Path}/number", a.Number!.Value), []))];
        int rank = values.Max(v => v.Rank);
        var shape = new long?[rank];
        for (int i = 1; i <= rank; i++)
        {
            long? a = i <= values[0].Rank ? values[0].Shape[^i] : 1;
            long? b = i <= values[1].Rank ? values[1].Shape[^i] : 1;
            shape[^i] = a == 1 ? b : a;
        }

        return call.Add(kind, [.. shape], [values[0].Name, values[1].Name]);
    }
}
