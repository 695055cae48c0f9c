using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>A dataset of numbers.</summary>
internal sealed class Hdf5Dataset
{
    /// <summary>
    /// How much more than the file a packed dataset may take: weights hardly shrink, pruned ones to a few hundredths, a bomb to a
    /// thousandth.
    /// </summary>
    private const int MaxRatio = 100;

    /// <summary>Elements for each byte of the file: datasets of bytes, and some that lie at one place.</summary>
    private const int MaxShared = 2;

    private readonly Hdf5File _file;
    private readonly string _what;
    private readonly Hdf5Layout _layout;
    private readonly Hdf5Filters _filters;
    private WeakReference<byte[]>? _unpacked;

    private Hdf5Dataset(Hdf5File file, string path, ImmutableArray<Hdf5Message> messages)
    {
        Path = path;
        _file = file;
        _what = $"dataset {WeightFile.Quote(path)}";
        if (messages.Any(m => m.Kind == Hdf5Message.ExternalFiles))
        {
            throw file.Error($"{_what} lies in other files, which are not opened; save the model again with Keras");
        }

        Shape = Hdf5Space.Read(file, Find(Hdf5Message.Dataspace), _what);
        var type = Hdf5Type.Read(file, Find(Hdf5Message.Datatype), _what);
        Type = type.Number ?? (type is { Size: 2, Words: "bytes" } && new Hdf5Attributes(file, path, messages).Text("dtype") == "bfloat16"
            ? ElementType.BFloat16
            : throw file.Error($"{_what} holds {type.Words}, expected floating-point or whole numbers; save the model again with Keras"));
        _layout = Hdf5Layout.Read(file, messages.First(m => m.Kind == Hdf5Message.Layout).Bytes, _what);
        _filters = messages.FirstOrDefault(m => m.Kind == Hdf5Message.Filters) is { Kind: not 0 } filters
            ? Hdf5Filters.Read(file, filters.Bytes.Span, _what) : Hdf5Filters.None(file, _what);
        CheckSize();

        ReadOnlySpan<byte> Find(int kind) => messages.FirstOrDefault(m => m.Kind == kind) is { Kind: not 0 } message
            ? message.Bytes.Span
            : throw file.Damaged($"{_what} has no message {kind} in its header");
    }

    /// <summary>Its name from the root on.</summary>
    internal string Path { get; }

    /// <summary>How its elements are stored.</summary>
    internal ElementType Type { get; }

    /// <summary>Its sizes, outermost first; none for one number.</summary>
    internal ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    internal long Count => StoredTensor.CountOf(Shape.AsSpan())!.Value;

    /// <summary>The dataset whose header lies at an address; null if something else lies there.</summary>
    internal static Hdf5Dataset? Read(Hdf5File file, string path, long address)
    {
        ImmutableArray<Hdf5Message> messages = Hdf5Header.Read(file, address, path);
        return messages.Any(m => m.Kind == Hdf5Message.Layout) ? new Hdf5Dataset(file, path, messages) : null;
    }

    /// <summary>Computes <c>into.Length</c> values from element <paramref name="first"/> on, in row-major order.</summary>
    internal void Read(long first, Span<double> into)
    {
        if (_layout.Chunk is not null || _layout.Inside is not null)
        {
            Type.Decode!(Bytes().AsSpan((int)first * Type.Size, into.Length * Type.Size), into);
        }
        else
        {
            Type.Read((at, piece) => _file.Read(_layout.Address + at * Type.Size, piece, _what), first, into);
        }
    }

    private byte[] Bytes()
    {
        if (_layout.Inside is { } inside)
        {
            return inside.ToArray();
        }

        if (_unpacked is null || !_unpacked.TryGetTarget(out byte[]? bytes))
        {
            bytes = new Hdf5Chunks(_file, _what, Shape, _layout.Chunk!.Value, Type.Size, _filters).Read(_layout.Address);
            _unpacked = new WeakReference<byte[]>(bytes);
        }

        return bytes;
    }

    private void CheckSize()
    {
        Int128 bytes = (Int128)Count * Type.Size;
        _file.Claim(Count, _layout.Chunk is null ? MaxShared : MaxRatio, _what);
        if (_layout.Inside is { } inside)
        {
            if (inside.Length != bytes)
            {
                throw _file.Damaged($"{_what} has {inside.Length} bytes, expected {bytes}");
            }
        }
        else if (_layout.Chunk is { } chunk)
        {
            if (chunk.Length != Shape.Length || bytes > (Int128)MaxRatio * _file.Length || bytes > Array.MaxLength
                || Padded(chunk) * Type.Size > Int128.Max(4 * bytes, 1 << 20))
            {
                throw _file.Damaged($"{_what} is said to have {bytes} bytes in chunks of {string.Join('x', chunk)}, more than a file of "
                    + $"{_file.Length} bytes can hold");
            }
        }
        else if (!_filters.IsNone)
        {
            throw _file.Damaged($"{_what} is packed but not in chunks");
        }
        else if (bytes > 0)
        {
            _file.Require(_layout.Address, (long)Int128.Min(bytes, long.MaxValue), _what);
        }
    }

    /// <summary>Number of elements of all chunks, of which those at the ends stick out.</summary>
    private Int128 Padded(ImmutableArray<long> chunk)
    {
        Int128 count = 1;
        for (int axis = 0; axis < chunk.Length && count < long.MaxValue; axis++)
        {
            count *= ((Int128)Shape[axis] + chunk[axis] - 1) / chunk[axis] * chunk[axis];
        }

        return count;
    }
}
