namespace Interp.Weights.Formats;

/// <summary>What is in a weight file.</summary>
/// <param name="Tensors">Its tensors, each of which lies inside the file.</param>
/// <param name="Modules">The modules of the networks in it, or null if it holds tensors alone.</param>
internal sealed record WeightTable(IEnumerable<StoredTensor> Tensors, ModuleTree? Modules = null);

/// <summary>The tensors of an open file whose table has been read; all formats share it.</summary>
internal sealed class FileWeightSource : WeightSource
{
    private readonly WeightFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<WeightEntry> _entries = [];
    private StridedReader? _strided;

    private FileWeightSource(WeightFile file, WeightTable table)
    {
        _file = file;
        Modules = table.Modules;
        Int128 elements = 0;
        foreach (StoredTensor tensor in table.Tensors)
        {
            var entry = new WeightEntry(tensor.Name, tensor.Type.Name, tensor.Shape);
            if (!_tensors.TryAdd(tensor.Name, tensor))
            {
                throw file.Damaged($"names the tensor {WeightFile.Quote(tensor.Name)} twice");
            }

            // Tensors that repeat elements or share them could otherwise ask for far more work and memory than the file's size suggests.
            elements += entry.Count;
            if (elements > 2 * (Int128)file.Length)
            {
                throw file.Error($"its tensors up to {WeightFile.Quote(tensor.Name)} have {elements} elements, too many for a file of " +
                    $"{file.Length} bytes; save expanded tensors as copies (.contiguous())");
            }

            _entries.Add(entry);
        }
    }

    /// <inheritdoc/>
    public override string Path => _file.Path;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries => _entries;

    /// <inheritdoc/>
    internal override ModuleTree? Modules { get; }

    /// <summary>Reads the table of tensors of an open file, which is closed with the result, or if reading the table fails.</summary>
    /// <param name="file">The file.</param>
    /// <param name="readTable">Reads and checks the table: every tensor of it lies inside the file.</param>
    public static FileWeightSource Open(WeightFile file, Func<WeightFile, WeightTable> readTable)
    {
        try
        {
            return new FileWeightSource(file, readTable(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Read(WeightEntry entry, long first, Span<double> destination)
    {
        if (!_tensors.TryGetValue(entry.Name, out StoredTensor? tensor))
        {
            throw new ArgumentException($"{entry.Name} is not a tensor of {Path}", nameof(entry));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, entry.Count - destination.Length);
        if (tensor.Type.Decode is null)
        {
            throw _file.Error($"{WeightFile.Quote(entry.Name)} holds {tensor.Type.Name}, which cannot be read; save it as float32");
        }

        tensor.Type.Read((at, chunk) => ReadChunk(tensor, at, chunk), first, destination);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _strided?.Dispose();
            _file.Dispose();
        }
    }

    private void ReadChunk(StoredTensor tensor, long first, Span<byte> chunk)
    {
        if (tensor.IsDense)
        {
            _file.Read(tensor.Position + first * tensor.Type.Size, chunk);
            return;
        }

        if (_strided?.Tensor != tensor)
        {
            _strided?.Dispose();
            _strided = null;
            _strided = new StridedReader(_file, tensor);
        }

        _strided.Read(first, chunk);
    }
}
