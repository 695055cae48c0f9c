using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>A JPEG file's frame header (ITU-T T.81, B.2.2): size, and how densely each component is sampled.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Components">Identifier and horizontal and vertical sampling factor of each component.</param>
internal sealed record JpegFrame(int Width, int Height, IReadOnlyList<(byte Id, int H, int V)> Components)
{
    /// <summary>The frame in a segment's content.</summary>
    /// <exception cref="InvalidDataException">The header is damaged, or says what is not supported.</exception>
    public static JpegFrame Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length >= 6 && content[0] is not 8)
        {
            throw new InvalidDataException($"its samples have {content[0]} bits, expected 8; save it as JPEG of 8 bits, or as PNG");
        }

        var components = new List<(byte, int, int)>();
        for (int at = 6; content.Length >= 6 && components.Count < content[5]; at += 3)
        {
            if (at + 3 > content.Length || content[at + 1] >> 4 == 0 || (content[at + 1] & 15) == 0)
            {
                throw new InvalidDataException("its frame header is damaged");
            }

            components.Add((content[at], content[at + 1] >> 4, content[at + 1] & 15));
        }

        (int width, int height) = content.Length < 6
            ? (0, 0)
            : (BinaryPrimitives.ReadUInt16BigEndian(content[3..]), BinaryPrimitives.ReadUInt16BigEndian(content[1..]));
        if (height == 0 && width > 0)
        {
            throw new InvalidDataException(
                "its height is 0, that is, given only behind its pixels (DNL), which is not supported; save it again");
        }

        return components.Count > 0 && components.DistinctBy(c => c.Item1).Count() == components.Count
            ? new JpegFrame(width, height, components)
            : throw new InvalidDataException("its frame header is damaged");
    }

    /// <summary>How many units (minimum coded units, between which restart markers stand) a scan of these components has.</summary>
    public long Units(ReadOnlySpan<byte> ids)
    {
        (int maximumH, int maximumV) = (Components.Max(c => c.H), Components.Max(c => c.V));
        (byte Id, int H, int V) sampling = (0, 1, 1);
        if (ids.Length == 1)
        {
            byte only = ids[0];
            sampling = Components.FirstOrDefault(c => c.Id == only, sampling);
        }

        return (long)Blocks(Width, sampling.H, maximumH) * Blocks(Height, sampling.V, maximumV);
    }

    /// <summary>
    /// Blocks of 8 along a side sampled at factor / maximum; a unit of several components is as large as a block at 1 / maximum.
    /// </summary>
    private static int Blocks(int size, int factor, int maximum) => (((size * factor) + maximum - 1) / maximum + 7) / 8;
}
