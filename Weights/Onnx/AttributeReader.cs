using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Common;
using Interp.Weights.Onnx.Messages;

namespace Interp.Weights.Onnx;

/// <summary>Makes an attribute's value of its message.</summary>
internal static class AttributeReader
{
    /// <summary>What an attribute is: by its type where it says one, and by what it holds where not, as in old files.</summary>
    /// <exception cref="ModelException">It holds something else than it says, or nothing.</exception>
    internal static AttributeType TypeOf(AttributeProto attribute)
    {
        AttributeType[] held = [.. Held(attribute)];
        if (attribute.Type != AttributeType.Undefined)
        {
            // A zero, an empty text and an empty list need not be stored.
            return held.Length == 0 || (held.Length == 1 && held[0] == attribute.Type) ? attribute.Type
                : throw new ModelException($"attribute '{Text.OneLine(attribute.Name)}' says that it is of type {attribute.Type} and"
                    + $" holds {string.Join(", ", held)}; the file is damaged: export it again");
        }

        return held.Length == 1 ? held[0] : throw new ModelException(
            $"attribute '{Text.OneLine(attribute.Name)}' holds {held.Length} values"
            + " and does not say of which type it is; the file is damaged: export it again");
    }

    /// <summary>The value of an attribute that holds neither a tensor nor a graph.</summary>
    /// <exception cref="ModelException">It is of a type that no supported operator has.</exception>
    internal static object Simple(AttributeProto attribute, AttributeType type) => type switch
    {
        AttributeType.Float => Meant(attribute.Float ?? 0),
        AttributeType.Int => attribute.Int ?? 0,
        AttributeType.String => attribute.String ?? "",
        AttributeType.Floats => attribute.Floats.Select(Meant).ToImmutableArray(),
        AttributeType.Ints => attribute.Ints.ToImmutableArray(),
        AttributeType.Strings => attribute.Strings.ToImmutableArray(),
        _ => throw new ModelException($"attribute '{Text.OneLine(attribute.Name)}' is of type {type}, which is not supported"),
    };

    /// <summary>
    /// The shortest decimal number that is stored as this one: exporters write 1e-5 as the nearest number of four bytes, and meant 1e-5.
    /// </summary>
    internal static double Meant(float stored) => float.IsFinite(stored)
        ? double.Parse(stored.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : stored;

    private static IEnumerable<AttributeType> Held(AttributeProto attribute)
    {
        (bool Held, AttributeType Type)[] all =
        [
            (attribute.Float is not null, AttributeType.Float), (attribute.Int is not null, AttributeType.Int),
            (attribute.String is not null, AttributeType.String), (attribute.Tensor is not null, AttributeType.Tensor),
            (attribute.SparseTensor is not null, AttributeType.SparseTensor), (attribute.Graph is not null, AttributeType.Graph),
            (attribute.Floats.Count > 0, AttributeType.Floats), (attribute.Ints.Count > 0, AttributeType.Ints),
            (attribute.Strings.Count > 0, AttributeType.Strings), (attribute.HasOther, AttributeType.Tensors),
        ];
        return all.Where(a => a.Held).Select(a => a.Type);
    }
}
