using System.Collections.Immutable;
using Interp.Weights.Formats;

namespace Interp.Weights.Onnx.Opsets;

/// <summary>
/// Makes operators of older opsets mean the same by the newest one's rules: attributes that became inputs, defaults that changed, operators
/// that were replaced. Defaults that never changed are left to whoever reads the operator.
/// </summary>
internal static class OpsetUpgrades
{
    /// <summary>The oldest and the newest opset that are read.</summary>
    internal const int Oldest = 7;
    internal const int Newest = 25;

    /// <summary>What is done to an operator of an opset below the given one, in this order.</summary>
    private static readonly Dictionary<string, (int Below, Action<NodeDraft, IDraftConstants> Apply)[]> All = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = [(Newest + 1, Training.BatchNormalization)],
        ["Dropout"] = [(12, (n, _) => n.Attributes.Remove("ratio")), (Newest + 1, Training.Dropout)],
        ["Clip"] = [(11, (n, c) => { NumberToInput(n, c, "min", 1); NumberToInput(n, c, "max", 2); })],
        ["Pad"] = [(11, (n, c) => { IntegersToInput(n, c, "pads", 1); NumberToInput(n, c, "value", 2); })],
        ["Slice"] = [(10, (n, c) =>
        {
            IntegersToInput(n, c, "starts", 1);
            IntegersToInput(n, c, "ends", 2);
            IntegersToInput(n, c, "axes", 3);
        })],
        ["Squeeze"] = [(13, Axes)],
        ["Unsqueeze"] = [(13, Axes)],
        ["ReduceSum"] = [(13, Axes)],
        ["ReduceMean"] = [(18, Axes)],
        ["ReduceMax"] = [(18, Axes)],
        ["ReduceMin"] = [(18, Axes)],
        ["ReduceProd"] = [(18, Axes)],
        ["ReduceL1"] = [(18, Axes)],
        ["ReduceL2"] = [(18, Axes)],
        ["ReduceLogSum"] = [(18, Axes)],
        ["ReduceLogSumExp"] = [(18, Axes)],
        ["ReduceSumSquare"] = [(18, Axes)],
        ["Split"] = [(13, (n, c) => IntegersToInput(n, c, "split", 1)), (18, EqualParts)],
        ["Softmax"] = [(13, Flattened)],
        ["LogSoftmax"] = [(13, Flattened)],
        ["Hardmax"] = [(13, Flattened)],
        ["TopK"] = [(10, (n, c) => NumberOfTopK(n, c))],
        ["Upsample"] = [(9, (n, c) => ScalesToInput(n, c)), (Newest + 1, (n, _) => { n.Operator = "Resize"; OldResize(n); })],
        ["Resize"] = [(11, (n, _) => OldResize(n)), (Newest + 1, WithoutEmptyInputs)],
        ["Scatter"] = [(Newest + 1, (n, _) => n.Operator = "ScatterElements")],
        ["GroupNormalization"] = [(21, (n, _) => throw n.Error(
            "its scale and bias are one number a group, which only opsets 18 to 20 have; export the model with opset 21"))],
        ["RoiAlign"] = [(16, (n, _) => n.Attributes.TryAdd("coordinate_transformation_mode", "output_half_pixel"))],
        ["GridSample"] = [(20, NewGridModes)],
    };

    /// <summary>Translates an operator of ONNX's own domain.</summary>
    /// <exception cref="Engine.Common.ModelException">It means something that the newest opset cannot say; or is not allowed.</exception>
    internal static void Apply(NodeDraft node, long opset, IDraftConstants constants)
    {
        foreach ((int below, Action<NodeDraft, IDraftConstants> apply) in All.GetValueOrDefault(node.Operator, []))
        {
            if (opset < below)
            {
                apply(node, constants);
            }
        }
    }

    private static void Axes(NodeDraft node, IDraftConstants constants) => IntegersToInput(node, constants, "axes", 1);

    private static void IntegersToInput(NodeDraft node, IDraftConstants constants, string attribute, int input)
    {
        if (node.Take<ImmutableArray<long>>(attribute) is { } values)
        {
            RequireNoInput(node, attribute, input);
            node.SetInput(input, constants.Add(ElementType.Int64, [values.Length], [.. values.Select(v => (double)v)]));
        }
    }

    /// <summary>Numbers of old attributes are of four bytes, as the input's are.</summary>
    private static void NumberToInput(NodeDraft node, IDraftConstants constants, string attribute, int input)
    {
        if (node.Take<double>(attribute) is { } value)
        {
            RequireNoInput(node, attribute, input);
            node.SetInput(input, constants.Add(ElementType.Float32, [], [(float)value]));
        }
    }

    private static void ScalesToInput(NodeDraft node, IDraftConstants constants)
    {
        if (node.Take<ImmutableArray<double>>("scales") is { } scales)
        {
            RequireNoInput(node, "scales", 1);
            node.SetInput(1, constants.Add(ElementType.Float32, [scales.Length], [.. scales.Select(s => (double)(float)s)]));
        }
    }

    private static void NumberOfTopK(NodeDraft node, IDraftConstants constants)
    {
        if (node.Take<long>("k") is { } number)
        {
            RequireNoInput(node, "k", 1);
            node.SetInput(1, constants.Add(ElementType.Int64, [1], [number]));
        }
    }

    /// <summary>Without lengths, a split is into as many equal parts as there are outputs.</summary>
    private static void EqualParts(NodeDraft node, IDraftConstants constants)
    {
        if (node.Input(1).Length == 0)
        {
            node.Attributes.TryAdd("num_outputs", (long)node.Outputs.Count);
        }
    }

    /// <summary>Before opset 13, all axes from the given one on are taken together.</summary>
    private static void Flattened(NodeDraft node, IDraftConstants constants)
    {
        node.Attributes.TryAdd("axis", 1L);
        node.Attributes["flatten"] = 1L;
    }

    /// <summary>Before opset 11, output i reads input i / scale, of which nearest takes the floor.</summary>
    private static void OldResize(NodeDraft node)
    {
        if (node.Inputs.Count > 2)
        {
            throw node.Error($"{node.Inputs.Count} inputs, expected an image and its scales");
        }

        node.SetInput(2, node.Input(1));
        node.SetInput(1, "");
        node.Attributes["coordinate_transformation_mode"] = "asymmetric";
        node.Attributes["nearest_mode"] = "floor";
    }

    /// <summary>Opset 11 demands inputs that are not used: they are there without elements.</summary>
    private static void WithoutEmptyInputs(NodeDraft node, IDraftConstants constants)
    {
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i].Length > 0 && constants.Find(node.Inputs[i]) is { Count: 0 })
            {
                node.Inputs[i] = "";
            }
        }
    }

    private static void NewGridModes(NodeDraft node, IDraftConstants constants)
    {
        if (node.Attributes.GetValueOrDefault("mode") is "bilinear" or "bicubic")
        {
            node.Attributes["mode"] = node.Attributes["mode"] is "bilinear" ? "linear" : "cubic";
        }
    }

    private static void RequireNoInput(NodeDraft node, string attribute, int input)
    {
        if (node.Input(input).Length > 0)
        {
            throw node.Error($"attribute '{attribute}' and input {input} say the same, expected one of them");
        }
    }
}
