using System.Collections.Immutable;

namespace Interp.Weights.Onnx.Opsets;

/// <summary>
/// Operators of ONNX Runtime's own domains, which it writes into the files that it has optimised: what is ONNX's own in other words is
/// translated, everything else is refused with what to bring instead.
/// </summary>
internal static class RuntimeOperators
{
    /// <summary>The domain, of which there are others below.</summary>
    internal const string Domain = "com.microsoft";

    /// <summary>Translates an operator, whose name is still that of its domain.</summary>
    /// <returns>The operators that do the same.</returns>
    /// <exception cref="Engine.Common.ModelException">There are none.</exception>
    internal static IReadOnlyList<NodeDraft> Translate(NodeDraft node, IDraftConstants constants)
    {
        switch (node.Operator)
        {
            case Domain + ".FusedConv":
                return FusedConv(node, constants);
            case Domain + ".Gelu" when node.Inputs.Count == 1:
                node.Operator = "Gelu";
                return [node];
            case Domain + ".BiasGelu" when node.Inputs.Count == 2:
                return Biased(node, constants, null);
            case Domain + ".FastGelu" when node.Inputs.Count == 2:
                return Biased(node, constants, "tanh");
            case Domain + ".FastGelu" when node.Inputs.Count == 1:
                node.Operator = "Gelu";
                node.Attributes["approximate"] = "tanh";
                return [node];
            default:
                throw node.Error(Quantization.IsQuantized(node.Operator) ? Quantization.NextStep
                    : "is ONNX Runtime's own, from a file that it has optimised; bring the file as it was before that (or optimised at most"
                    + " at level 'basic')");
        }
    }

    /// <summary>activation(Conv(x, w, b) + z): the sum and the activation may be missing.</summary>
    private static List<NodeDraft> FusedConv(NodeDraft node, IDraftConstants constants)
    {
        var made = new List<NodeDraft>();
        object? function = node.Attributes.GetValueOrDefault("activation");
        node.Attributes.Remove("activation");
        ImmutableArray<double> parameters = node.Take<ImmutableArray<double>>("activation_params") ?? [];
        string sum = node.Input(3);
        NodeDraft convolution = Step(node, "Conv", [.. node.Inputs.Take(3)], node.Attributes);
        made.Add(convolution);
        if (sum.Length > 0)
        {
            made.Add(Step(node, "Add", ["", sum]));
        }

        if (function is not null)
        {
            NodeDraft activation = Step(node, function as string ?? "?", [""]);
            switch (activation.Operator, parameters.Length)
            {
                case ("Relu" or "Sigmoid" or "Tanh", 0):
                    break;
                case ("LeakyRelu", 1):
                    activation.Attributes["alpha"] = parameters[0];
                    break;
                case ("HardSigmoid", 2):
                    activation.Attributes["alpha"] = parameters[0];
                    activation.Attributes["beta"] = parameters[1];
                    break;
                case ("Clip", 2):
                    activation.SetInput(1, constants.Add(Formats.ElementType.Float32, [], [(float)parameters[0]]));
                    activation.SetInput(2, constants.Add(Formats.ElementType.Float32, [], [(float)parameters[1]]));
                    break;
                default:
                    throw node.Error($"activation '{Text.OneLine(activation.Operator)}' with {parameters.Length} parameters is not"
                        + " understood; bring the file as it was before ONNX Runtime optimised it");
            }

            made.Add(activation);
        }

        return Chain(made, node.Outputs, constants);
    }

    private static List<NodeDraft> Biased(NodeDraft node, IDraftConstants constants, string? approximate)
    {
        NodeDraft gelu = Step(node, "Gelu", [""], node.Attributes);
        if (approximate is not null)
        {
            gelu.Attributes["approximate"] = approximate;
        }

        return Chain([Step(node, "Add", [.. node.Inputs]), gelu], node.Outputs, constants);
    }

    /// <summary>An operator in the place of a fused one. The value that a later one reads first is set when they are joined.</summary>
    private static NodeDraft Step(NodeDraft node, string name, List<string> inputs, Dictionary<string, object>? attributes = null)
    {
        // The fused node bears the name of its first operator, and its value that of the last: /relu/Relu_output_0.
        string label = node.Label;
        string? module = node.Module;
        if (name is not ("Conv" or "Add") && node.Outputs.Count > 0)
        {
            string value = node.Outputs[0];
            label = value.EndsWith("_output_0", StringComparison.Ordinal) ? value[..^"_output_0".Length] : value;
            module = ModulePaths.FromTorchName(label) ?? module;
        }

        return new NodeDraft
        {
            Operator = name,
            Label = label,
            Module = module,
            Inputs = inputs,
            Outputs = [],
            Attributes = attributes ?? new Dictionary<string, object>(StringComparer.Ordinal),
        };
    }

    private static List<NodeDraft> Chain(List<NodeDraft> nodes, List<string> outputs, IDraftConstants constants)
    {
        for (int i = 0; i < nodes.Count - 1; i++)
        {
            string between = constants.NewValue($"{nodes[i].Label}_{nodes[i].Operator}");
            nodes[i].Outputs.Add(between);
            nodes[i + 1].Inputs[0] = between;
        }

        nodes[^1].Outputs.AddRange(outputs);
        return nodes;
    }
}
