using System.Buffers.Binary;
using System.Text;
using Interp.Weights.Formats.Pickle;

namespace Interp.Tests.Weights.Formats;

/// <summary>Writes pickles opcode by opcode, also ones that Python never would.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>A pickle with the given body.</summary>
    internal static byte[] Pickle(Action<PickleWriter> body)
    {
        var writer = new PickleWriter();
        writer.Op(Opcode.PROTO, 2);
        body(writer);
        writer.Op(Opcode.STOP);
        return [.. writer._bytes];
    }

    /// <summary>A file in PyTorch's legacy form with this object pickle and, as each storage, float32 values.</summary>
    internal static byte[] Legacy(Action<PickleWriter> body, params (string Key, float[] Values)[] storages)
    {
        var file = new MemoryStream();
        file.Write([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.']);
        file.Write(Pickle(w => w.Int(1001)));
        file.Write(Pickle(w => w.Op(Opcode.EMPTY_DICT).Text("little_endian").Op(Opcode.NEWTRUE).Op(Opcode.SETITEM)));
        file.Write(Pickle(body));
        file.Write(Pickle(w =>
        {
            w.Op(Opcode.EMPTY_LIST).Op(Opcode.MARK);
            foreach ((string key, _) in storages)
            {
                w.Text(key);
            }

            w.Op(Opcode.APPENDS);
        }));
        Span<byte> number = stackalloc byte[8];
        foreach ((_, float[] values) in storages)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, values.Length);
            file.Write(number);
            foreach (float value in values)
            {
                file.Write(BitConverter.GetBytes(value));
            }
        }

        return file.ToArray();
    }

    internal PickleWriter Op(Opcode opcode, params ReadOnlySpan<byte> argument)
    {
        _bytes.Add((byte)opcode);
        _bytes.AddRange(argument);
        return this;
    }

    internal PickleWriter Int(int value) => Op(Opcode.BININT, BitConverter.GetBytes(value));

    internal PickleWriter Long(long value) => Op(Opcode.LONG1, [8, .. BitConverter.GetBytes(value)]);

    internal PickleWriter Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Op(Opcode.BINUNICODE, [.. BitConverter.GetBytes(bytes.Length), .. bytes]);
    }

    internal PickleWriter Global(string module, string name) => Op(Opcode.GLOBAL, Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    /// <summary>A tuple of integers.</summary>
    internal PickleWriter Numbers(params long[] values)
    {
        Op(Opcode.MARK);
        foreach (long value in values)
        {
            Long(value);
        }

        return Op(Opcode.TUPLE);
    }

    /// <summary>A reference to a float32 storage.</summary>
    internal PickleWriter Storage(string key, long count, Action<PickleWriter>? view = null)
    {
        Op(Opcode.MARK).Text("storage").Global("torch", "FloatStorage").Text(key).Text("cpu").Long(count);
        (view ?? (w => w.Op(Opcode.NONE)))(this);
        return Op(Opcode.TUPLE).Op(Opcode.BINPERSID);
    }

    /// <summary>A tensor over the storage that <paramref name="storage"/> writes.</summary>
    internal PickleWriter Tensor(Action<PickleWriter> storage, long offset, long[] size, long[] stride)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op(Opcode.MARK);
        storage(this);
        Long(offset).Numbers(size).Numbers(stride).Op(Opcode.NEWFALSE).Global("collections", "OrderedDict");
        return Op(Opcode.EMPTY_TUPLE).Op(Opcode.REDUCE).Op(Opcode.TUPLE).Op(Opcode.REDUCE);
    }

    /// <summary>A dict with one tensor of the name "w".</summary>
    internal PickleWriter DictOf(Action<PickleWriter> tensor)
    {
        Op(Opcode.EMPTY_DICT).Text("w");
        tensor(this);
        return Op(Opcode.SETITEM);
    }
}
