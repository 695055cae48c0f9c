using Interp.Engine.Graph;

namespace Interp.Engine.Imaging;

/// <summary>One prepared input of a network.</summary>
/// <param name="Path">The file that it came from.</param>
/// <param name="Picture">The picture as the network sees it, after resizing and cropping.</param>
/// <param name="Tensor">The same in normalised units, <c>[C,H,W]</c>.</param>
/// <param name="FileHash">SHA-256 of the file, lower-case hexadecimal.</param>
public sealed record NetworkInput(string Path, RgbImage Picture, float[] Tensor, string FileHash)
{
    /// <summary>Reads an image file with the network's preprocessing, or a <c>.npy</c> tensor without: one input, or N for a batch in a <c>.npy</c>.</summary>
    public static IReadOnlyList<NetworkInput> Read(string path, Network network) => throw new NotImplementedException(path);
}
