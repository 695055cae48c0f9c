using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Imaging;

/// <summary>One prepared input of a network.</summary>
/// <param name="Path">The file that it came from.</param>
/// <param name="Image">The image as the network sees it, after resizing and cropping; with three equal values a pixel where it sees
/// grey.</param>
/// <param name="Tensor">The same in normalised units, <c>[C,H,W]</c>.</param>
/// <param name="FileHash">SHA-256 of the file, lower-case hexadecimal.</param>
public sealed record NetworkInput(string Path, RgbImage Image, float[] Tensor, string FileHash)
{
    /// <summary>Black and white are −2.1 and 2.6 in the usual units, and at most 10 in most others: 30 is no such value, unless the
    /// network's own black and white say so.</summary>
    private const float FarFromNormalised = 30;

    /// <summary>Width and height of the image in the file, before resizing and cropping; null for a tensor.</summary>
    public (int Width, int Height)? FileSize { get; init; }

    /// <summary>The order of the tensor's channels.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Whether the file's image was taken as it is, as <see cref="Preprocessing.Prepared"/> says.</summary>
    public bool IsPrepared { get; init; }

    /// <summary>What is doubtful about the file, such as 12-bit values in 16 bits, or to be known, such as that it is prepared already;
    /// null if nothing is.</summary>
    public string? Remark { get; init; }

    /// <summary>
    /// Reads an image file with the network's preprocessing (or as it is, where it is marked so, see <see cref="PreparedMark"/>), or a
    /// <c>.npy</c> tensor without: one input, or N for a batch in a <c>.npy</c>.
    /// </summary>
    /// <remarks>
    /// A <c>.npy</c> file holds float32 <c>[3,H,W]</c> or <c>[N,3,H,W]</c> in the network's normalised units, the channels in its order,
    /// at any H and W that it takes; of a network that takes grey <c>[1,H,W]</c> or <c>[N,1,H,W]</c>; its <see cref="Image"/> is the
    /// tensor taken back to 0…255, rounded and clamped, for display only.
    /// </remarks>
    /// <param name="path">The file; it may be a pipe.</param>
    /// <param name="network">The network that will see it.</param>
    /// <param name="cancel">Ends the waiting for a pipe.</param>
    /// <exception cref="InputException">The file cannot be read or decoded, or the tensor's shape or values do not suit the
    /// network.</exception>
    public static IReadOnlyList<NetworkInput> Read(string path, Network network, CancellationToken cancel = default)
    {
        RequireChannels(path, network);
        return path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? ReadTensor(path, network, cancel)
            : [FromImage(path, network, cancel)];
    }

    /// <summary>Prepares an image file with the network's preprocessing; unlike <see cref="Read"/> it takes no tensor.</summary>
    /// <param name="path">The file; it may be a pipe.</param>
    /// <param name="network">The network that will see it.</param>
    /// <param name="cancel">Ends the waiting for a pipe.</param>
    /// <exception cref="InputException">The file is no image that can be read, or the network takes neither RGB nor grey.</exception>
    public static NetworkInput FromImage(string path, Network network, CancellationToken cancel = default) =>
        FromImage(ImageFile.ReadBytes(path, cancel), path, network);

    /// <summary>Prepares an image file that is in memory, such as an upload, with the network's preprocessing.</summary>
    /// <param name="file">The whole file: JPEG, PNG, BMP, GIF, TGA or PSD.</param>
    /// <param name="name">What to call it, in messages and as <see cref="Path"/>.</param>
    /// <param name="network">The network that will see it.</param>
    /// <exception cref="InputException">The bytes are no image that can be decoded, or the network takes neither RGB nor grey.</exception>
    public static NetworkInput FromImage(byte[] file, string name, Network network)
    {
        RequireChannels(name, network);
        RgbImage image = ImageFile.Decode(file, name);
        (bool isPrepared, string? remark) = PreparedMark.Judge(file, name, image, network.Preprocessing);
        (RgbImage prepared, float[] tensor) = isPrepared ? Taken(Luma.Seen(image, network.Preprocessing.Channels), network)
            : Prepare(image, network);
        return new NetworkInput(name, prepared, tensor, Convert.ToHexStringLower(SHA256.HashData(file)))
        {
            FileSize = (image.Width, image.Height),
            ChannelOrder = network.Preprocessing.ChannelOrder,
            Remark = (image.Remark, remark) is ({ } first, { } second) ? $"{first}; {second}" : image.Remark ?? remark,
            IsPrepared = isPrepared,
        };
    }

    /// <summary>The same from a stream, which is read to its end: at most 1 GiB.</summary>
    /// <inheritdoc cref="FromImage(byte[], string, Network)"/>
    /// <exception cref="InputException">The stream holds no image that can be decoded, or more than 1 GiB, or the network takes
    /// neither RGB nor grey.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static NetworkInput FromImage(Stream stream, string name, Network network) =>
        FromImage(ImageFile.ReadBytes(stream, name), name, network);

    /// <summary>An image as the network sees it, after resizing and cropping, and the same in normalised units, <c>[3,H,W]</c>; or in
    /// grey, <c>[1,H,W]</c>, for a network of one channel.</summary>
    public static (RgbImage Image, float[] Tensor) Prepare(RgbImage image, Network network) =>
        Taken(Resampling.ResizeAndCrop(Luma.Seen(image, network.Preprocessing.Channels), network.Preprocessing), network);

    private static (RgbImage Image, float[] Tensor) Taken(RgbImage image, Network network) =>
        (image, Normalization.ToTensor(image, network.Preprocessing));

    /// <summary>Ends what needs images where the network takes none.</summary>
    internal static void RequireChannels(string name, Network network)
    {
        int channels = network.InputChannels;
        if (channels is not (1 or 3) || channels != network.Preprocessing.Channels)
        {
            throw new InputException($"{name}: model {network.Name} takes {channels} channels, expected 3 (RGB) or 1 (grey), and as many "
                + "means in its preprocessing");
        }
    }

    /// <summary>What is said of values far from those of any pixel.</summary>
    private static string? Doubt(float least, float most, Preprocessing units)
    {
        float darkest = units.Mean.Zip(units.Deviation, (m, d) => (0 - m) / d).Min();
        float brightest = units.Mean.Zip(units.Deviation, (m, d) => (1 - m) / d).Max();
        float far = Math.Max(FarFromNormalised, 2 * Math.Max(-darkest, brightest));
        string usual = far > FarFromNormalised ? $"{darkest:g4} to {brightest:g4}" : "about -3 to 3";
        return most <= far && least >= -far ? null
            : $"its values reach from {least:g4} to {most:g4}, expected the network's normalised units, {usual}: "
                + "of pixels v in 0…255 these are (v/255 - mean) / deviation";
    }

    private static List<NetworkInput> ReadTensor(string path, Network network, CancellationToken cancel)
    {
        (Shape shape, float[] values, string hash) = InputFile.Read(path, "a .npy file", Load, cancel);
        int channels = network.InputChannels;
        if (shape.Rank is not (3 or 4) || shape[-3] != channels || shape.Count == 0)
        {
            throw new InputException($"{path}: the array has shape {shape}, expected [{channels},H,W] or [N,{channels},H,W]");
        }

        (int height, int width) = (shape[-2], shape[-1]);
        int bad = Array.FindIndex(values, v => !float.IsFinite(v));
        if (bad >= 0)
        {
            throw new InputException($"{path}: value {bad} is {values[bad]}, expected finite numbers");
        }

        try
        {
            network.Shapes(1, height, width);
        }
        catch (ModelException e)
        {
            throw new InputException($"{path}: the model does not take inputs of {height}x{width}: {e.Message}", e);
        }

        string? remark = Doubt(values.Min(), values.Max(), network.Preprocessing);
        return [.. values.Chunk(channels * height * width).Select(tensor => new NetworkInput(
            path, Normalization.ToImage(tensor, height, width, network.Preprocessing), tensor, hash)
        {
            ChannelOrder = network.Preprocessing.ChannelOrder,
            Remark = remark,
        })];

        (Shape, float[], string) Load(FileStream stream)
        {
            (Shape shape, float[] values) = Npy.Read(stream, path);
            stream.Position = 0;
            return (shape, values, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
    }
}
