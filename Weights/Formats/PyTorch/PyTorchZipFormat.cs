using System.Text;
using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// The form in which <c>torch.save</c> writes since version 1.6: a zip archive of uncompressed entries under one folder, whose
/// <c>data.pkl</c> holds the saved object and <c>data/KEY</c> the bytes of each storage. Archives that were packed again, compressed, are
/// unpacked first.
/// </summary>
internal sealed class PyTorchZipFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "pytorch-zip";

    /// <inheritdoc/>
    public bool Matches(ReadOnlySpan<byte> head) => ZipDirectory.Matches(head);

    /// <inheritdoc/>
    public WeightSource Open(string path) => FileWeightSource.Open(ZipUnpacker.Open(path), ReadTable);

    /// <summary>The table of an archive that is open, whose entries are stored as they are.</summary>
    /// <exception cref="Engine.Common.ModelException">It is damaged or holds something that is not allowed.</exception>
    internal static WeightTable ReadTable(WeightFile file)
    {
        ZipDirectory zip = ZipDirectory.Read(file);
        string folder = FindFolder(file, zip);
        if (zip.Locate(folder + "byteorder") is { } order)
        {
            CheckByteOrder(file, order.Position, order.Size);
        }

        (long position, long size) = zip.Locate(folder + "data.pkl")!.Value;
        var objects = new TorchObjects(file);
        object? content = PickleReader.Read(new PickleBytes(file, position, size), objects);
        foreach (TorchStorage storage in objects.Storages.Values)
        {
            (storage.Position, long bytes) = zip.Locate($"{folder}data/{storage.Key}")
                ?? throw file.Damaged($"storage {WeightFile.Quote(storage.Key)} is referred to but not in the archive");
            if (bytes != storage.Bytes)
            {
                throw file.Damaged($"storage {WeightFile.Quote(storage.Key)} has {bytes} bytes, its description says " +
                    $"{storage.Bytes}");
            }
        }

        return TensorTree.Read(file, content);
    }

    private static string FindFolder(WeightFile file, ZipDirectory zip)
    {
        const string Pickle = "data.pkl";
        string[] found = [.. zip.Names.Where(n => n.Split('/') is [_, Pickle])];
        if (found.Length == 1)
        {
            string folder = found[0][..^Pickle.Length];
            return zip.Names.Contains(folder + "constants.pkl")
                ? throw file.Error("is a TorchScript archive (torch.jit.save), whose code is not run; save its weights: python -c \"import "
                    + $"torch; torch.save(torch.jit.load('{file.Path}', 'cpu').state_dict(), 'weights.pth')\"")
                : folder;
        }

        string kind = zip.Names.Any(n => n.EndsWith("archive_format", StringComparison.Ordinal)) ? "an archive of torch.export"
            : zip.Names.Any(n => n.EndsWith(".npy", StringComparison.Ordinal)) ? "a NumPy .npz archive"
            : found.Length == 0 ? "a zip archive without data.pkl" : "a zip archive with several data.pkl";
        throw file.Error($"is {kind}, expected one written by torch.save; save the weights with it");
    }

    private static void CheckByteOrder(WeightFile file, long position, long size)
    {
        var text = new byte[Math.Min(size, 16)];
        file.Read(position, text);
        string order = Encoding.Latin1.GetString(text);
        if (order != "little")
        {
            throw file.Error($"its byte order is {WeightFile.Quote(order)}, expected 'little'; save it again on a little-endian machine");
        }
    }
}
