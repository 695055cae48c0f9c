namespace Interp.Engine.Backends;

/// <summary>
/// Places buffers with known lifetimes in one block of memory so that buffers which are never alive together may share a place. Time is a
/// step number.
/// </summary>
internal sealed class MemoryPlan
{
    /// <summary>A lifetime that does not end.</summary>
    public const int Forever = int.MaxValue;

    private const long Alignment = 128;
    private readonly List<Buffer> _buffers = [];

    /// <summary>Size of the block, known after <see cref="Place"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the buffers would take without sharing.</summary>
    public long BytesUnshared => _buffers.Sum(b => b.Bytes);

    /// <summary>Announces a buffer that is alive from step <paramref name="first"/> to step <paramref name="last"/>, both
    /// included.</summary>
    public Buffer Add(long bytes, int first, int last)
    {
        var buffer = new Buffer { Bytes = (bytes + Alignment - 1) / Alignment * Alignment, First = first, Last = last };
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Gives every buffer its offset: largest first, each at the lowest place that no buffer alive at the same time
    /// takes.</summary>
    public void Place()
    {
        var placed = new List<Buffer>();
        foreach (Buffer buffer in _buffers.OrderByDescending(b => b.Bytes)) // A stable sort, so the plan is the same each time.
        {
            long offset = 0;
            foreach (Buffer other in placed.Where(o => o.First <= buffer.Last && buffer.First <= o.Last).OrderBy(o => o.Offset))
            {
                if (other.Offset >= offset + buffer.Bytes)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + other.Bytes);
            }

            buffer.Offset = offset;
            placed.Add(buffer);
            Bytes = Math.Max(Bytes, offset + buffer.Bytes);
        }
    }

    /// <summary>One buffer.</summary>
    internal sealed class Buffer
    {
        public required long Bytes { get; init; }

        public required int First { get; set; }

        public required int Last { get; set; }

        public long Offset { get; set; }
    }
}
