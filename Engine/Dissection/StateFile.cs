using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Interp.Engine.Common;

namespace Interp.Engine.Dissection;

/// <summary>State of a stopped run in a file: a digest of what it is the state of, the state, and a checksum.</summary>
internal static class StateFile
{
    private const int SumBytes = 32;

    internal static void Write(string path, string owner, Action<BinaryWriter> write) => AtomicFile.Write(path, stream =>
    {
        using var hash = SHA256.Create();
        using var sum = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
        using (var writer = new BinaryWriter(sum, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(owner);
            write(writer);
        }

        sum.FlushFinalBlock();
        stream.Write(hash.Hash!);
    });

    /// <summary>Reads the state of the same run; false if there is none, or none that is whole.</summary>
    internal static bool TryRead(string path, string owner, Action<BinaryReader> read)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length <= SumBytes || !IsWhole(stream))
            {
                return false;
            }

            stream.Position = 0;
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (reader.ReadString() != owner)
            {
                return false;
            }

            read(reader);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException
            or FormatException or InputException)
        {
            return false;
        }
    }

    internal static void WriteArray<T>(BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    internal static T[] ReadArray<T>(BinaryReader reader) where T : unmanaged
    {
        int length = reader.ReadInt32();
        Stream stream = reader.BaseStream;
        if (length < 0 || (long)length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>() > stream.Length - stream.Position)
        {
            throw new InvalidDataException("an array is longer than the file");
        }

        var values = new T[length];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static bool IsWhole(FileStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (long left = stream.Length - SumBytes; left > 0;)
        {
            int n = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            hash.AppendData(buffer, 0, n);
            left -= n;
        }

        var sum = new byte[SumBytes];
        stream.ReadExactly(sum);
        return sum.AsSpan().SequenceEqual(hash.GetHashAndReset());
    }
}
