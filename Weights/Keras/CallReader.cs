using System.Collections.Immutable;
using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Keras;

/// <summary>
/// Reads the calls of layers (<c>inbound_nodes</c>). Keras 2: <c>[["conv",0,0,{}],…]</c>; Keras 3: <c>{"args": […], "kwargs": {…}}</c>, in
/// which values are objects of class <c>__keras_tensor__</c>.
/// </summary>
internal static class CallReader
{
    private const string ConstantName = "_CONSTANT_VALUE";

    /// <summary>Keyword arguments that say nothing about a trained network's answer.</summary>
    private static readonly string[] Idle = ["training", "mask", "name"];

    /// <summary>Reads one call of a layer.</summary>
    internal static KerasCall Read(JsonElement node, string layer)
    {
        var arguments = ImmutableArray.CreateBuilder<KerasArgument>();
        if (Json.Find(node, "args") is { } positional)
        {
            Collect(positional, arguments, layer);
            if (Json.Find(node, "kwargs") is { ValueKind: JsonValueKind.Object } keywords)
            {
                Keywords(keywords, arguments, layer);
            }
        }
        else if (IsOld(node))
        {
            Old(node, arguments, layer);
        }
        else if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement argument in node.EnumerateArray())
            {
                Old(argument, arguments, layer);
            }
        }
        else
        {
            throw Unknown(layer, "it is called in a way that is not read");
        }

        return new(arguments.ToImmutable());
    }

    /// <summary>A value as Keras 2 writes it, <c>["name",0,0]</c>; null if it is none.</summary>
    internal static KerasReference? Reference(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= 3
        && value[0].ValueKind == JsonValueKind.String && Json.Whole(value[1]) is >= 0 and < 1 << 20 and var call
        && Json.Whole(value[2]) is >= 0 and < 1 << 20 and var output
        ? new(value[0].GetString()!, (int)call, (int)output) : null;

    /// <summary>
    /// The same value with calls counted from 0. A model that is a layer has a call of its own beforehand, from its input to its output:
    /// Keras 2 counts it, Keras 3 for what comes out of a model.
    /// </summary>
    internal static KerasReference Normal(KerasReference value, Dictionary<string, KerasLayer> layers, int version, bool isPort)
    {
        if (!layers.TryGetValue(value.Layer, out KerasLayer? layer))
        {
            throw new ModelException($"layer '{Text.OneLine(value.Layer)}' is referred to, and is not there");
        }

        if (layer.Inner is not { } inner || value.Call == 0 && layer.Calls.Length == 1)
        {
            return value;
        }

        bool starts = inner.Layers[0].Name.Length > 0 || inner.Layers[0].InputShape is not null;
        bool hasOwn = version < 3 ? !inner.IsSequential || starts : isPort && !inner.IsSequential;
        return hasOwn || value.Call == layer.Calls.Length ? value with { Call = value.Call - 1 } : value;
    }

    private static bool IsOld(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is 3 or 4
        && value[0].ValueKind == JsonValueKind.String;

    private static void Old(JsonElement argument, ImmutableArray<KerasArgument>.Builder into, string layer)
    {
        if (!IsOld(argument))
        {
            throw Unknown(layer, "it is called in a way that is not read");
        }

        if (argument[0].GetString() == ConstantName)
        {
            into.Add(new(null, argument[2].ValueKind == JsonValueKind.Number ? argument[2].GetDouble()
                : throw Unknown(layer, "it is called with a constant that is not one number")));
        }
        else
        {
            into.Add(new(Reference(argument) ?? throw Unknown(layer, "it is called in a way that is not read"), null));
        }

        if (argument.GetArrayLength() == 4 && argument[3].ValueKind == JsonValueKind.Object)
        {
            Keywords(argument[3], into, layer);
        }
    }

    private static void Keywords(JsonElement keywords, ImmutableArray<KerasArgument>.Builder into, string layer)
    {
        foreach (JsonProperty keyword in keywords.EnumerateObject())
        {
            if (keyword is { Name: "training", Value.ValueKind: JsonValueKind.True })
            {
                throw Unknown(layer, "it is called with training=True, so that its answer is not the same each time");
            }

            bool isNothing = keyword.Value.ValueKind is JsonValueKind.Null || Idle.Contains(keyword.Name);
            if (!isNothing && keyword.Name is not ("y" or "x2"))
            {
                throw Unknown(layer, $"it is called with '{Text.OneLine(keyword.Name)}', which is not read");
            }

            if (keyword.Name is "y" or "x2")
            {
                Collect(keyword.Value, into, layer);
            }
        }
    }

    private static void Collect(JsonElement value, ImmutableArray<KerasArgument>.Builder into, string layer)
    {
        if (Json.Text(value, "class_name") == "__keras_tensor__" && Json.Find(value, "config") is { } tensor
            && Json.Find(tensor, "keras_history") is { } history && Reference(history) is { } reference)
        {
            into.Add(new(reference, null));
        }
        else if (Reference(value) is { } old)
        {
            into.Add(new(old, null));
        }
        else if (value.ValueKind == JsonValueKind.Number)
        {
            into.Add(new(null, value.GetDouble()));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                Collect(item, into, layer);
            }
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            throw Unknown(layer, "it is called with an argument that is not read");
        }
    }

    private static ModelException Unknown(string layer, string what) => new($"layer '{Text.OneLine(layer)}': {what}; export the model to ONNX");
}
