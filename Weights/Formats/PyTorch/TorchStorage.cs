namespace Interp.Weights.Formats.PyTorch;

/// <summary>A block of elements that tensors share, as the pickle declares it.</summary>
/// <param name="key">Its key in the file.</param>
/// <param name="elementSize">Bytes of one element.</param>
/// <param name="count">Number of elements.</param>
internal sealed class TorchStorage(string key, int elementSize, long count)
{
    /// <summary>Its key in the file.</summary>
    public string Key => key;

    /// <summary>Number of elements.</summary>
    public long Count => count;

    /// <summary>Number of bytes.</summary>
    public long Bytes => count * elementSize;

    /// <summary>The file position of its data, or -1 until that is known.</summary>
    public long Position { get; set; } = -1;
}

/// <summary>A storage class: <c>torch.FloatStorage</c>.</summary>
/// <param name="Type">Its elements; bytes where a tensor says itself what they are.</param>
internal sealed record StorageClass(ElementType Type);

/// <summary>A part of a storage that a tensor refers to.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">How its elements are read.</param>
/// <param name="First">Where it begins, in bytes.</param>
/// <param name="Bytes">How long it is.</param>
internal sealed record StorageView(TorchStorage Storage, ElementType Type, long First, long Bytes);

/// <summary>A tensor as the pickle describes it; the numbers are checked when it turns out to be a weight.</summary>
/// <param name="View">Its storage.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Offset">The position of its first element in the storage, in elements.</param>
/// <param name="Size">Its sizes.</param>
/// <param name="Stride">Its strides.</param>
internal sealed record TorchTensor(StorageView View, ElementType Type, object? Offset, object? Size, object? Stride)
{
    /// <summary>The class that it is of, if that is not one of PyTorch's own.</summary>
    public string? Class { get; init; }
}
