using System.Runtime.InteropServices;

namespace Interp.Engine.Dissection;

/// <summary>
/// The maps of images in a temporary file, so that the masks need no second pass over the images. Of each map only what can lie around a
/// place above the threshold is kept: a position next to one above a value that the threshold will not be below. Elsewhere the map reads as
/// the least float, and enlarged to no mask either way.
/// </summary>
/// <param name="limit">The most bytes; what does not fit is not kept.</param>
internal sealed class MapCache(long limit) : IDisposable
{
    private readonly Dictionary<(int Image, int Layer), (long At, int Bytes)> _places = [];
    private FileStream? _file;
    private long _end;

    /// <summary>Keeps the maps of a layer for an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="maps">The maps of the units, <c>[units,h,w]</c>.</param>
    /// <param name="grid">Their size.</param>
    /// <param name="bound">For a unit what its threshold will not be below.</param>
    internal void Add(int image, int layer, ReadOnlySpan<float> maps, MapGrid grid, Func<int, float> bound)
    {
        if (_end >= limit)
        {
            return;
        }

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        int plane = grid.Height * grid.Width;
        var needed = new byte[(plane + 7) / 8];
        for (int u = 0; u < maps.Length / plane; u++)
        {
            ReadOnlySpan<float> map = maps.Slice(u * plane, plane);
            needed.AsSpan().Clear();
            bool any = Mark(map, grid, bound(u), needed);
            writer.Write(any);
            if (any)
            {
                writer.Write(needed);
                for (int i = 0; i < plane; i++)
                {
                    if (IsNeeded(needed, i))
                    {
                        writer.Write(map[i]);
                    }
                }
            }
        }

        writer.Flush();
        if (_end + bytes.Length <= limit && TryWrite(bytes))
        {
            _places[(image, layer)] = (_end, (int)bytes.Length);
            _end += bytes.Length;
        }
    }

    /// <summary>Whether the maps of all layers are kept for an image.</summary>
    internal bool Has(int image, int layers) => Enumerable.Range(0, layers).All(l => _places.ContainsKey((image, l)));

    /// <summary>Reads the maps of a layer for an image of which they are kept.</summary>
    internal void Read(int image, int layer, Span<float> maps, MapGrid grid)
    {
        (long start, int length) = _places[(image, layer)];
        var bytes = new byte[length];
        _file!.Position = start;
        _file.ReadExactly(bytes);
        int plane = grid.Height * grid.Width, at = 0, mask = (plane + 7) / 8;
        maps.Fill(float.MinValue);
        for (int u = 0; u < maps.Length / plane; u++)
        {
            if (bytes[at++] == 0)
            {
                continue;
            }

            ReadOnlySpan<byte> needed = bytes.AsSpan(at, mask);
            at += mask;
            Span<float> map = maps.Slice(u * plane, plane);
            for (int i = 0; i < plane; i++)
            {
                if (IsNeeded(needed, i))
                {
                    map[i] = MemoryMarshal.Read<float>(bytes.AsSpan(at));
                    at += sizeof(float);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static bool IsNeeded(ReadOnlySpan<byte> needed, int i) => (needed[i >> 3] & (1 << (i & 7))) != 0;

    private static bool Mark(ReadOnlySpan<float> map, MapGrid grid, float bound, Span<byte> needed)
    {
        bool any = false;
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] <= bound)
            {
                continue;
            }

            any = true;
            (int y, int x) = (i / grid.Width, i % grid.Width);
            for (int v = Math.Max(0, y - 1); v <= Math.Min(grid.Height - 1, y + 1); v++)
            {
                for (int u = Math.Max(0, x - 1); u <= Math.Min(grid.Width - 1, x + 1); u++)
                {
                    int at = (v * grid.Width) + u;
                    needed[at >> 3] |= (byte)(1 << (at & 7));
                }
            }
        }

        return any;
    }

    /// <summary>False where the disk has no room: then nothing more is kept.</summary>
    private bool TryWrite(MemoryStream bytes)
    {
        try
        {
            _file ??= new FileStream(
                Path.Combine(Path.GetTempPath(), $"interp-{Path.GetRandomFileName()}.maps"),
                FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            _file.Position = _end;
            bytes.WriteTo(_file);
            _file.Flush();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _end = limit;
            return false;
        }
    }
}
