using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Keras.Layers;

/// <summary>Activation functions: layers of their own, and those inside of other layers.</summary>
internal static class Activations
{
    private const double LeakyDefault = 0.2;

    /// <summary>The activation inside a layer; its operators are those of a layer <c>name.activation</c>.</summary>
    internal static KerasValue Of(LayerCall call, KerasValue value) =>
        Apply(call, call.Settings.Raw("activation"), value, call.Path + ".activation");

    /// <summary><c>Activation</c>.</summary>
    internal static KerasValue Layer(LayerCall call) => Apply(call, call.Settings.Raw("activation"), call.Input, call.Path);

    /// <summary><c>ReLU</c>: x above the threshold, at most the largest value, and slope·(x − threshold) below it.</summary>
    internal static KerasValue ReLU(LayerCall call)
    {
        double? most = call.Settings.Number("max_value");
        double slope = call.Settings.Number("negative_slope") ?? 0;
        double threshold = call.Settings.Number("threshold") ?? 0;
        KerasValue x = call.Input;
        KerasValue value = (threshold, slope, most) switch
        {
            (0, 0, null) => call.Add("Relu", x.Shape, [x.Name]),
            (0, 0, _) => Clip(call, x, 0, most.Value),
            (0, _, null) => call.Add("LeakyRelu", x.Shape, [x.Name], ("alpha", slope)),
            (0, _, _) => Clip(call, call.Add("LeakyRelu", x.Shape, [x.Name], ("alpha", slope)), null, most.Value),
            (_, _, null) => call.Add("ThresholdedRelu", x.Shape, [x.Name], ("alpha", threshold)),
            _ => Clip(call, call.Add("ThresholdedRelu", x.Shape, [x.Name], ("alpha", threshold)), 0, most.Value),
        };
        if (threshold == 0 || slope == 0)
        {
            return value;
        }

        KerasValue below = call.Add("Relu", x.Shape, [call.Add("Sub", x.Shape, [Number(call, "threshold", threshold), x.Name]).Name]);
        return call.Add("Sub", x.Shape, [value.Name, call.Add("Mul", x.Shape, [below.Name, Number(call, "slope", slope)]).Name]);
    }

    /// <summary><c>LeakyReLU</c>.</summary>
    internal static KerasValue LeakyReLU(LayerCall call) => call.Add("LeakyRelu", call.Input.Shape, [call.Input.Name],
        ("alpha", call.Settings.Number("negative_slope") ?? call.Settings.Number("alpha") ?? 0.3));

    /// <summary><c>ThresholdedReLU</c> of Keras 2: x above the threshold, else 0.</summary>
    internal static KerasValue ThresholdedReLU(LayerCall call) => call.Add("ThresholdedRelu", call.Input.Shape, [call.Input.Name],
        ("alpha", call.Settings.Number("theta") ?? 1));

    /// <summary><c>ELU</c>.</summary>
    internal static KerasValue ELU(LayerCall call) => call.Add("Elu", call.Input.Shape, [call.Input.Name],
        ("alpha", call.Settings.Number("alpha") ?? 1));

    /// <summary><c>PReLU</c>: a slope for each place, or for those along which it is not shared.</summary>
    internal static KerasValue PReLU(LayerCall call)
    {
        KerasValue x = call.Input;
        int[] shared = [.. (call.Settings.Wholes("shared_axes") ?? []).Select(a => LayerCall.Axis(a, x.Rank))];
        string slope = call.Constant("alpha",
            call.Arrays(("alpha", [.. Enumerable.Range(1, x.Rank - 1).Select(a => shared.Contains(a) ? 1 : x.Shape[a] ?? -1)]))[0]);
        return call.Add("PRelu", x.Shape, [x.Name, slope]);
    }

    /// <summary><c>Softmax</c>.</summary>
    internal static KerasValue Softmax(LayerCall call) => (call.Settings.Wholes("axis") ?? [-1]) is [var axis]
        ? call.Add("Softmax", call.Input.Shape, [call.Input.Name], ("axis", axis))
        : throw LayerSettings.Wrong("axis", "one axis");

    /// <summary>An activation by its name.</summary>
    internal static KerasValue Named(LayerCall call, string name, KerasValue x, string path)
    {
        string Node(string kind, string[] inputs, params (string, object)[] attributes) =>
            call.Graph.Operator(kind, path, path, [.. inputs], attributes);
        string Constant(double number) => call.Graph.Number($"{path}/number", number);
        string value = name switch
        {
            "linear" => x.Name,
            "relu" => Node("Relu", [x.Name]),
            "relu6" => Node("Clip", [x.Name, Constant(0), Constant(6)]),
            "leaky_relu" => Node("LeakyRelu", [x.Name], ("alpha", LeakyDefault)),
            "elu" => Node("Elu", [x.Name], ("alpha", 1.0)),
            "selu" => Node("Selu", [x.Name]),
            "celu" => Node("Celu", [x.Name]),
            "softmax" => Node("Softmax", [x.Name], ("axis", -1L)),
            "log_softmax" => Node("LogSoftmax", [x.Name], ("axis", -1L)),
            "sigmoid" => Node("Sigmoid", [x.Name]),
            "tanh" => Node("Tanh", [x.Name]),
            "softplus" => Node("Softplus", [x.Name]),
            "softsign" => Node("Softsign", [x.Name]),
            "silu" or "swish" => Node("Mul", [x.Name, Node("Sigmoid", [x.Name])]),
            "gelu" => Node("Gelu", [x.Name]),
            "mish" => Node("Mish", [x.Name]),
            "exponential" => Node("Exp", [x.Name]),
            "hard_silu" or "hard_swish" => Node("HardSwish", [x.Name]),
            "hard_sigmoid" => Node("HardSigmoid", [x.Name], ("alpha", call.Version < 3 ? 0.2 : 1.0 / 6), ("beta", 0.5)),
            "hard_tanh" => Node("Clip", [x.Name, Constant(-1), Constant(1)]),
            "tanh_shrink" => Node("Sub", [x.Name, Node("Tanh", [x.Name])]),
            _ => throw new ModelException($"activation '{Weights.Text.OneLine(name)}' is not read; use one of Keras's usual ones, or export the "
                + "model to ONNX"),
        };
        return new(value, x.Shape);
    }

    /// <summary>An activation as a setting holds it: a name, a function by its name, or a layer.</summary>
    private static KerasValue Apply(LayerCall call, JsonElement? activation, KerasValue x, string path)
    {
        if (activation is not { } setting)
        {
            return x;
        }

        if (setting.ValueKind == JsonValueKind.String)
        {
            return Named(call, setting.GetString()!, x, path);
        }

        string? kind = Json.Text(setting, "class_name");
        string? module = Json.Text(setting, "module");
        bool isOwn = (module is null or "builtins" or "keras" || module.StartsWith("keras.", StringComparison.Ordinal))
            && !(Json.Text(setting, "registered_name") ?? "").Contains('>');
        if (isOwn && Json.Text(setting, "config") is { } name && (kind is "function" || kind == name))
        {
            return Named(call, name, x, path);
        }

        if (isOwn && kind is not null && LayerTable.IsActivation(kind) && Json.Find(setting, "config") is { } config)
        {
            return LayerTable.Write(kind, call.As(new LayerSettings(config), x, path));
        }

        throw new ModelException($"its activation '{Weights.Text.OneLine(kind ?? "")}' is not Keras's own: its code is not in the file; export "
            + "the model to ONNX");
    }

    private static KerasValue Clip(LayerCall call, KerasValue x, double? least, double most) => call.Add("Clip", x.Shape,
        [x.Name, least is { } low ? Number(call, "least", low) : "", Number(call, "most", most)]);

    private static string Number(LayerCall call, string role, double value) => call.Graph.Number($"{call.Path}/{role}", value);
}
