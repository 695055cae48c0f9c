using System.Collections.Immutable;
using System.Text.Json;

namespace Interp.Weights.Keras;

/// <summary>Looks into JSON that may hold anything.</summary>
internal static class Json
{
    /// <summary>A property that is there and not null.</summary>
    internal static JsonElement? Find(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A property that is text.</summary>
    internal static string? Text(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The elements of a list; none of anything else.</summary>
    internal static IEnumerable<JsonElement> Items(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>A whole number, which Python may have written as 2.0.</summary>
    internal static long? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
        && Math.Abs(number) < 1L << 53 && number == Math.Floor(number) ? (long)number : null;

    /// <summary>A shape with the batch first; null for a size that is open. Null where it is no shape.</summary>
    internal static ImmutableArray<long?>? Shape(JsonElement? value)
    {
        JsonElement[] sizes = [.. Items(value)];
        return sizes.Length is > 0 and <= Formats.StoredTensor.MaxRank
            && sizes.All(s => s.ValueKind == JsonValueKind.Null || Whole(s) is > 0)
            ? [.. sizes.Select(s => s.ValueKind == JsonValueKind.Null ? null : Whole(s))] : null;
    }

    /// <summary>Numbers, as a list or one alone, as they stand or in the wrapping of an array. Null where it is something else.</summary>
    internal static (ImmutableArray<long> Shape, double[] Values)? Numbers(JsonElement value)
    {
        if (Text(value, "class_name") is "__numpy__" or "__tensor__" && Find(value, "config") is { } config
            && Find(config, "value") is { } inner)
        {
            value = inner;
        }

        var shape = ImmutableArray.CreateBuilder<long>();
        for (JsonElement first = value; first.ValueKind == JsonValueKind.Array; first = first[0])
        {
            shape.Add(first.GetArrayLength());
            if (shape[^1] == 0 || shape.Count > Formats.StoredTensor.MaxRank)
            {
                return null;
            }
        }

        var values = new List<double>();
        return Collect(value, 0, shape, values) ? (shape.ToImmutable(), [.. values]) : null;
    }

    private static bool Collect(JsonElement value, int axis, ImmutableArray<long>.Builder shape, List<double> values)
    {
        if (axis < shape.Count)
        {
            return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == shape[axis]
                && value.EnumerateArray().All(v => Collect(v, axis + 1, shape, values));
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            return false;
        }

        values.Add(number);
        return true;
    }
}
