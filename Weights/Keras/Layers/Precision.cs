using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Keras.Layers;

/// <summary>In which numbers a layer computes.</summary>
internal static class Precision
{
    private static readonly string[] Known = ["float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"];

    /// <summary>Refuses layers that compute with whole numbers: quantised ones.</summary>
    internal static void Require(LayerSettings settings)
    {
        if (Name(settings) is { } name && !Known.Contains(name))
        {
            throw new ModelException($"its dtype is '{Weights.Text.OneLine(name)}', expected one of {string.Join(", ", Known)}; save the model "
                + "before it is quantised");
        }
    }

    /// <summary>The name of the type or policy, or null where the file does not say it.</summary>
    internal static string? Name(LayerSettings settings)
    {
        if (settings.Raw("dtype") is not { } type)
        {
            return null;
        }

        return type.ValueKind == JsonValueKind.String ? type.GetString()
            : Json.Text(type, "class_name") is "DTypePolicy" or "Policy" or "FloatDTypePolicy" && Json.Find(type, "config") is { } config
                ? Json.Text(config, "name") : Json.Text(type, "class_name") ?? "";
    }
}
