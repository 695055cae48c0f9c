using System.Collections.Immutable;
using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Keras;

/// <summary>
/// The settings of a layer as its configuration holds them. It notes which have been looked at, so that one that is not understood is
/// refused and never passed over: <see cref="RequireAllRead"/>.
/// </summary>
internal sealed class LayerSettings(JsonElement config)
{
    private static readonly string[] Passive = ["_initializer", "_regularizer", "_constraint"];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal)
    {
        "name", "trainable", "batch_input_shape", "batch_shape", "input_shape", "batch_size", "quantization_config",
    };

    /// <summary>Whether it is there and not null; it does not count as read.</summary>
    internal bool Has(string name) => Find(name) is not null;

    /// <summary>A setting as it stands, or null where it is not there or is null.</summary>
    internal JsonElement? Raw(string name)
    {
        _read.Add(name);
        return Find(name);
    }

    /// <summary>True or false, or what it is where it is not there.</summary>
    /// <exception cref="ModelException">It is something else.</exception>
    internal bool Flag(string name, bool absent) => Raw(name) switch
    {
        null => absent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A number, or null where it is not there.</summary>
    /// <inheritdoc cref="Flag"/>
    internal double? Number(string name) => Raw(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number
        : throw Wrong(name, "a number");

    /// <summary>A whole number, or null where it is not there.</summary>
    /// <inheritdoc cref="Flag"/>
    internal long? Whole(string name) => Raw(name) is not { } value ? null
        : Json.Whole(value) ?? throw Wrong(name, "a whole number");

    /// <summary>Text, or what it is where it is not there.</summary>
    /// <inheritdoc cref="Flag"/>
    internal string Text(string name, string absent) => Raw(name) is not { } value ? absent
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "text");

    /// <summary>Whole numbers, one of which may stand for a list; null where they are not there.</summary>
    /// <inheritdoc cref="Flag"/>
    internal ImmutableArray<long>? Wholes(string name) => Raw(name) is not { } value ? null
        : Json.Whole(value) is { } one ? [one]
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => Json.Whole(v) is not null)
            ? [.. value.EnumerateArray().Select(v => Json.Whole(v)!.Value)]
        : throw Wrong(name, "whole numbers");

    /// <summary>A size for height and width, of which one number stands for both.</summary>
    /// <inheritdoc cref="Flag"/>
    internal ImmutableArray<long> Pair(string name, long? absent)
    {
        ImmutableArray<long> pair = Wholes(name) ?? (absent is { } a ? [a, a] : throw Missing(name));
        return pair switch
        {
            [> 0 and < 1 << 20 and var both] => [both, both],
            [> 0 and < 1 << 20, > 0 and < 1 << 20] => pair,
            _ => throw Wrong(name, "two positive numbers"),
        };
    }

    /// <summary>Counts settings as read that change nothing of what the layer computes once it is trained.</summary>
    internal void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _read.Add(name);
        }
    }

    /// <summary>A setting that nobody has looked at is refused, unless it is null.</summary>
    /// <exception cref="ModelException">There is one; the message names it.</exception>
    internal void RequireAllRead()
    {
        if (config.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty property in config.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !_read.Contains(property.Name)
                && !Passive.Any(p => property.Name.EndsWith(p, StringComparison.Ordinal)))
            {
                throw new ModelException($"its setting '{Weights.Text.OneLine(property.Name)}' is not understood; save the model "
                    + "without it, or export it to ONNX");
            }
        }
    }

    /// <summary>An error of a setting that is not what it should be.</summary>
    internal static ModelException Wrong(string name, string expected, string? found = null) =>
        new(found is null ? $"its setting '{name}' is not {expected}"
            : $"its setting '{name}' is '{Weights.Text.OneLine(found)}', not {expected}");

    /// <summary>An error of a setting that is not there.</summary>
    internal static ModelException Missing(string name) => new($"its setting '{name}' is missing");

    private JsonElement? Find(string name) => Json.Find(config, name);
}
