namespace Interp.Cli.Output;

/// <summary>
/// Images of one size, one after the other, as an animated PNG: each is compressed as a PNG by itself and its data moved into the frames of
/// one file. PNG
/// Specification, third edition (W3C 2025), chunks acTL, fcTL and fdAT. Programs that know only still images show the last frame, which is
/// the file's own image.
/// </summary>
internal static class AnimatedPng
{
    private const ushort FrameMs = 60;
    private const ushort LastFrameMs = 1500;

    /// <summary>Writes the animation; it repeats for ever, and rests on its last frame.</summary>
    internal static void Write(Stream stream, IReadOnlyList<byte[]> pngs)
    {
        List<(string Type, byte[] Data)> still = PngChunks.Read(pngs[^1]);
        stream.Write(pngs[^1].AsSpan(0, PngChunks.SignatureLength));
        byte[] header = still.First(c => c.Type == "IHDR").Data;
        PngChunks.Write(stream, "IHDR", header);
        PngChunks.Write(stream, "acTL", [.. PngChunks.Number(pngs.Count), .. PngChunks.Number(0)]);
        PngChunks.Write(stream, "IDAT", Data(still)); // Not part of the animation, since no fcTL stands before it.
        int sequence = 0;
        for (int i = 0; i < pngs.Count; i++)
        {
            ushort delay = i == pngs.Count - 1 ? LastFrameMs : FrameMs;
            byte[] place = [.. header.AsSpan(0, 8), .. PngChunks.Number(0), .. PngChunks.Number(0)];
            PngChunks.Write(stream, "fcTL", [.. PngChunks.Number(sequence++), .. place, .. Short(delay), .. Short(1000), 0, 0]);
            PngChunks.Write(stream, "fdAT", [.. PngChunks.Number(sequence++), .. Data(PngChunks.Read(pngs[i]))]);
        }

        PngChunks.Write(stream, "IEND", []);
    }

    /// <summary>Whether two PNG files hold images of the same size.</summary>
    internal static bool SameSize(byte[] a, byte[] b) =>
        a.AsSpan(PngChunks.SignatureLength + 8, 8).SequenceEqual(b.AsSpan(PngChunks.SignatureLength + 8, 8));

    private static byte[] Data(List<(string Type, byte[] Data)> chunks) => [.. chunks.Where(c => c.Type == "IDAT").SelectMany(c => c.Data)];

    private static byte[] Short(ushort value) => [(byte)(value >> 8), (byte)value];
}
