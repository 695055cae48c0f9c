using System.Text;

namespace Interp.Weights.Formats;

/// <summary>Says what a file that is no weight file may be instead, from its first bytes.</summary>
internal static class ForeignFile
{
    private static readonly (byte[] Start, string What)[] Known =
    [
        ("version https://git-lfs"u8.ToArray(), "is a Git LFS pointer, not the file itself; run 'git lfs pull'"),
        ([0x1F, 0x8B], "is compressed with gzip; unpack it first"),
        ("BZh"u8.ToArray(), "is compressed with bzip2; unpack it first"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "is compressed with xz; unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed with zstd; unpack it first"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'],
            "is an HDF5 file (Keras .h5), expected weights alone; convert it as a whole model, or save the weights as safetensors"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "is a NumPy array, expected named tensors"),
        ("Rar!"u8.ToArray(), "is a RAR archive; unpack it first"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF], "is a 7-Zip archive; unpack it first"),
    ];

    /// <summary>One clause: what the file seems to be and what to do, or its first bytes.</summary>
    public static string Describe(ReadOnlySpan<byte> head) =>
        Find(head) ?? $"is of no known weight format (first bytes: {Convert.ToHexString(head[..Math.Min(16, head.Length)])})";

    /// <summary>The bytes as text without what may stand before it: spaces, a byte order mark.</summary>
    internal static string TextOf(ReadOnlySpan<byte> head) =>
        Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');

    /// <summary>One clause: what the file seems to be and what to do; null if that is not known.</summary>
    public static string? Find(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] start, string what) in Known)
        {
            if (head.StartsWith(start))
            {
                return what;
            }
        }

        string text = TextOf(head);
        if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
        {
            return "is a web page, not weights; the download went wrong: fetch the file itself";
        }

        if (head.Length > 262 && head[257..].StartsWith("ustar"u8))
        {
            return "is a tar archive; unpack it first (PyTorch wrote such files before version 0.1.10: load and save it again)";
        }

        if (head is [0x80, >= 2 and <= 5, ..])
        {
            return "is a Python pickle that torch.save did not write; load it in Python and save its state dict with torch.save";
        }

        // An ONNX ModelProto: field 1 is a small version number; field 2 or 7 (producer, graph) follows.
        return head is [0x08, <= 32, 0x12 or 0x3A, ..]
            ? "is an ONNX model, a whole network: it is converted, not opened as weights; or save the weights as safetensors" : null;
    }
}
