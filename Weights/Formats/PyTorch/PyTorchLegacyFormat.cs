using System.Buffers.Binary;
using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// The form in which <c>torch.save</c> wrote until version 1.6, and torchvision's VGG files are: five pickles one after the other (a magic
/// number, the protocol version 1001, facts on the machine, the saved object, the list of storage keys), then for each key an int64
/// number of elements and the elements.
/// </summary>
internal sealed class PyTorchLegacyFormat : IWeightFormat
{
    private const long ProtocolVersion = 1001;

    /// <summary>The pickle opcode LONG1 with the number 0x1950a86a20f9469cfc6c, and STOP.</summary>
    private static readonly byte[] Magic = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    /// <inheritdoc/>
    public string Name => "pytorch-legacy";

    /// <inheritdoc/>
    public bool Matches(ReadOnlySpan<byte> head) => head is [(byte)Opcode.PROTO, ..] && head.IndexOf(Magic) is >= 2 and <= 11;

    /// <inheritdoc/>
    public WeightSource Open(string path) => FileWeightSource.Open(WeightFile.Open(path), ReadTable);

    private WeightTable ReadTable(WeightFile file)
    {
        var head = new byte[Math.Min(64, file.Length)];
        file.Read(0, head);
        if (!Matches(head))
        {
            throw file.Error("does not begin with PyTorch's magic number, expected a file written by torch.save");
        }

        var objects = new TorchObjects(file);
        long position = head.AsSpan().IndexOf(Magic) + Magic.Length;
        object? version = ReadPickle(file, objects, ref position);
        if (version is not ProtocolVersion)
        {
            throw file.Damaged($"is of PyTorch's protocol version {(version is long v ? v : "?")}, expected {ProtocolVersion}");
        }

        if (ReadPickle(file, objects, ref position) is PickleDict machine && machine.Find("little_endian") is false)
        {
            throw file.Error("was written on a big-endian machine, expected little-endian data; load and save it again on a common one");
        }

        object? content = ReadPickle(file, objects, ref position);
        List<object?> keys = ReadPickle(file, objects, ref position) as List<object?>
            ?? throw file.Damaged("holds no list of storages where one is expected");
        PlaceStorages(file, objects, keys, position);
        return TensorTree.Read(file, content);
    }

    private static object? ReadPickle(WeightFile file, TorchObjects objects, ref long position)
    {
        var bytes = new PickleBytes(file, position, file.Length - position);
        object? value = PickleReader.Read(bytes, objects);
        position = bytes.Position;
        return value;
    }

    private static void PlaceStorages(WeightFile file, TorchObjects objects, List<object?> keys, long position)
    {
        Span<byte> number = stackalloc byte[8];
        foreach (object? item in keys)
        {
            if (item is not string key || !objects.Storages.TryGetValue(key, out TorchStorage? storage) || storage.Position >= 0)
            {
                throw file.Damaged($"lists the storage {WeightFile.Quote(item as string ?? "?")} twice or without use");
            }

            file.Read(position, number);
            long count = BinaryPrimitives.ReadInt64LittleEndian(number);
            if (count != storage.Count)
            {
                throw file.Damaged($"storage {WeightFile.Quote(key)} has {count} elements, its description says {storage.Count}");
            }

            storage.Position = position + 8;
            position = storage.Position + storage.Bytes;
            if (position > file.Length)
            {
                throw file.Error($"storage {WeightFile.Quote(key)} ends at byte {position}, the file has {file.Length}; it is truncated: " +
                    "fetch or save it again");
            }
        }

        if (objects.Storages.Values.FirstOrDefault(s => s.Position < 0) is { } missing)
        {
            throw file.Damaged($"storage {WeightFile.Quote(missing.Key)} is referred to but not in the file");
        }
    }
}
