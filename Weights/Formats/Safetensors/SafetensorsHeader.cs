using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Formats.Safetensors;

/// <summary>Reads a safetensors header: an object of <c>"name": {"dtype": …, "shape": […], "data_offsets": [begin, end]}</c>.</summary>
internal static class SafetensorsHeader
{
    private const string Metadata = "__metadata__";

    private static readonly FrozenDictionary<string, ElementType> Types = new Dictionary<string, ElementType>
    {
        ["F64"] = ElementType.Float64,
        ["F32"] = ElementType.Float32,
        ["F16"] = ElementType.Float16,
        ["BF16"] = ElementType.BFloat16,
        ["I64"] = ElementType.Int64,
        ["I32"] = ElementType.Int32,
        ["I16"] = ElementType.Int16,
        ["I8"] = ElementType.Int8,
        ["U64"] = ElementType.UInt64,
        ["U32"] = ElementType.UInt32,
        ["U16"] = ElementType.UInt16,
        ["U8"] = ElementType.UInt8,
        ["BOOL"] = ElementType.Bool,
        ["F8_E4M3"] = ElementType.Float8E4M3,
        ["F8_E5M2"] = ElementType.Float8E5M2,
        ["F8_E8M0"] = ElementType.Float8E8M0,
        ["C64"] = ElementType.Complex64,
    }.ToFrozenDictionary();

    /// <summary>The tensors in the order of their data.</summary>
    /// <param name="file">The file, for messages and its length.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="start">Where the data begins.</param>
    public static List<StoredTensor> Read(WeightFile file, byte[] json, long start)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            var tensors = new List<(StoredTensor Tensor, long End)>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == Metadata)
                {
                    CheckMetadata(file, property.Value);
                }
                else
                {
                    tensors.Add(ReadTensor(file, property.Name, property.Value, start));
                }
            }

            tensors.Sort((a, b) => (a.Tensor.Position, a.End).CompareTo((b.Tensor.Position, b.End)));
            CheckCover(file, tensors, start);
            return [.. tensors.Select(t => t.Tensor)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw file.Error($"its safetensors header is not usable JSON: {e.Message}; fetch or save the file again", e);
        }
    }

    private static void CheckMetadata(WeightFile file, JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            throw file.Damaged($"the {Metadata} of its safetensors header is not a map of strings to strings");
        }
    }

    private static (StoredTensor Tensor, long End) ReadTensor(WeightFile file, string name, JsonElement element, long start)
    {
        string quoted = WeightFile.Quote(name);
        ModelException Error(string what) => file.Damaged($"{quoted} in its safetensors header {what}");
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out JsonElement shape) || Numbers(shape, StoredTensor.MaxRank) is not { } sizes
            || !element.TryGetProperty("data_offsets", out JsonElement range) || Numbers(range, 2) is not [var begin, var end])
        {
            throw Error("needs a dtype, a shape of non-negative integers and two data_offsets");
        }

        if (!Types.TryGetValue(dtype.GetString()!, out ElementType? type))
        {
            throw Error($"has dtype {WeightFile.Quote(dtype.GetString()!)}, expected one of {string.Join(", ", Types.Keys.Order())}");
        }

        if (begin > end || end > file.Length - start)
        {
            throw Error($"has data_offsets [{begin},{end}] in a data section of {file.Length - start} bytes; is it truncated? fetch it "
                + "again");
        }

        if (StoredTensor.CountOf(sizes.AsSpan()) is not { } count || (Int128)count * type.Size != end - begin)
        {
            throw Error($"has {end - begin} bytes, which do not hold a {type.Name} tensor of shape [{string.Join(',', sizes)}]");
        }

        return (new StoredTensor(name, type, start + begin, sizes, StoredTensor.RowMajor(sizes)), start + end);
    }

    private static ImmutableArray<long>? Numbers(JsonElement array, int most)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > most)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static void CheckCover(WeightFile file, List<(StoredTensor Tensor, long End)> tensors, long start)
    {
        long position = start;
        foreach ((StoredTensor tensor, long end) in tensors)
        {
            if (tensor.Position != position)
            {
                string problem = tensor.Position < position ? "overlaps" : "gaps";
                throw file.Error($"the data of {WeightFile.Quote(tensor.Name)} begins at byte {tensor.Position}, expected {position}: " +
                    $"safetensors data has no {problem}; save it again");
            }

            position = end;
        }

        if (position != file.Length)
        {
            throw file.Damaged($"has {file.Length - position} bytes behind its last tensor, expected none");
        }
    }
}
