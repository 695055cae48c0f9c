namespace Interp.Weights.Onnx;

/// <summary>Recognises a model by its first bytes: protobuf has no mark of its own.</summary>
internal static class ModelHead
{
    /// <summary>
    /// Whether all bytes are fields of a model, in any order, and one of them is the version, the graph or an opset. A file of another
    /// kind would have to be so by chance.
    /// </summary>
    internal static bool Matches(ReadOnlySpan<byte> head)
    {
        bool found = false;
        int at = 0;
        while (at < head.Length)
        {
            if (!Varint(head, ref at, out ulong tag) || !Varint(head, ref at, out ulong value))
            {
                return found && at >= head.Length;
            }

            switch (tag)
            {
                case 1 << 3: // The version.
                    if (value is 0 or > 1000)
                    {
                        return false;
                    }

                    found = true;
                    continue;
                case 5 << 3: // The model's own version.
                    continue;
                case (7 << 3) | 2 or (8 << 3) | 2: // The graph, an opset.
                    found |= value > 0;
                    break;
                case (2 << 3) | 2 or (3 << 3) | 2 or (4 << 3) | 2 or (6 << 3) | 2 or (14 << 3) | 2 or (20 << 3) | 2 or (25 << 3) | 2:
                    break;
                default:
                    return false;
            }

            if (value >= (ulong)(head.Length - at))
            {
                return found;
            }

            at += (int)value;
        }

        return found;
    }

    private static bool Varint(ReadOnlySpan<byte> head, ref int at, out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && at < head.Length; i++)
        {
            byte b = head[at++];
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
