namespace Interp.Engine.Tensors;

/// <summary>
/// A read-only parameter tensor of a network: dense, row-major, little-endian, in float32 or float16. It is a view of memory that
/// something else owns (usually a memory-mapped file) and that stays alive as long as this object does. Shareable between threads.
/// </summary>
public sealed unsafe class Weight
{
    private readonly object? _owner;

    /// <summary>A view of existing memory, which <paramref name="owner"/> keeps alive and which must never change.</summary>
    /// <param name="name">The parameter's name, such as <c>features.0.weight</c>.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="type">How each element is stored.</param>
    /// <param name="address">The first element, aligned to its size; the memory holds <c>shape.Count</c> elements.</param>
    /// <param name="owner">Kept reachable as long as this weight is.</param>
    public Weight(string name, Shape shape, DType type, nint address, object? owner)
    {
        Name = name;
        Shape = shape;
        DType = type;
        Address = address;
        _owner = owner;
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>The parameter's sizes.</summary>
    public Shape Shape { get; }

    /// <summary>How each element is stored.</summary>
    public DType DType { get; }

    /// <summary>Address of the first element. The memory is valid while this object is reachable.</summary>
    public nint Address { get; }

    /// <summary>Bytes of the stored data.</summary>
    public long Bytes => Shape.Count * DType.Size();

    /// <summary>A weight with its own copy of the given values, stored as float32.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Weight FromValues(string name, Shape shape, ReadOnlySpan<float> values)
    {
        if (values.Length != shape.Count)
        {
            throw new ArgumentException($"{name}: shape {shape} holds {shape.Count} values, {values.Length} were given", nameof(values));
        }

        var memory = new NativeBuffer(Math.Max(1, values.Length) * 4L);
        values.CopyTo(new Span<float>((void*)memory.Address, values.Length));
        return new Weight(name, shape, DType.Float32, memory.Address, memory);
    }

    /// <summary>Copies all values as float32; float16 is widened exactly.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the tensor.</exception>
    public void CopyTo(Span<float> destination) => CopyTo(0, destination[..checked((int)Shape.Count)]);

    /// <summary>Copies <c>destination.Length</c> values from element <paramref name="first"/> on, as float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie inside the tensor.</exception>
    public void CopyTo(long first, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Shape.Count - destination.Length);
        if (DType == DType.Float32)
        {
            new ReadOnlySpan<float>((float*)Address + first, destination.Length).CopyTo(destination);
        }
        else
        {
            HalfConversion.Widen(new ReadOnlySpan<ushort>((ushort*)Address + first, destination.Length), destination);
        }

        GC.KeepAlive(_owner);
    }

    /// <summary>The values as a new float32 array.</summary>
    public float[] ToArray()
    {
        var values = new float[Shape.Count];
        CopyTo(values);
        return values;
    }
}
