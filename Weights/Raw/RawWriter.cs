using System.Security.Cryptography;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Weights.Raw;

/// <summary>
/// Writes raw tensor folders: each tensor in pieces of fixed size, converted, hashed and written in one pass, so that memory stays small
/// whatever the network's size.
/// </summary>
internal sealed class RawWriter(WeightSource source, DType type, Action<long, long>? progress, CancellationToken cancel)
{
    private const int ChunkValues = 1 << 17;
    private readonly double[] _values = new double[ChunkValues];
    private readonly byte[] _bytes = new byte[ChunkValues * sizeof(float)];
    private readonly List<RawTensor> _table = [];
    private long _done;

    /// <summary>Writes the network into a new folder, which gets its name when it is complete. One without classes has no labels and no
    /// activation.</summary>
    internal void Write(string folder, string name, ModelPlan plan, Preprocessing preprocessing, Labels labels,
        OutputActivation? activation, IReadOnlyList<string> assumptions)
    {
        using var output = new OutputFolder(folder);
        WriteTensors(output, plan);
        var document = new RawDocument(
            RawFormat.Version,
            name,
            preprocessing.InputSize,
            RawPreprocessing.Of(preprocessing),
            [.. plan.Nodes.Select(n => new RawNode(n.Name, n.Layer, n.Inputs, [.. n.Tensors.Select(t => t.Name)]))],
            labels.Names,
            [.. _table],
            activation?.Name,
            assumptions,
            preprocessing.Width == preprocessing.Height ? null : preprocessing.Width,
            activation is null ? false : null);
        byte[] json = RawJson.Write(document);
        output.Try(() =>
        {
            using FileStream stream = Create(output, RawFormat.DocumentFile, json.Length);
            stream.Write(json);
            stream.Flush(flushToDisk: true);
        });
        RawReader.Open(output.TemporaryPath);
        cancel.ThrowIfCancellationRequested();
        output.Commit();
    }

    private DType TypeOf(TensorRecipe recipe) => recipe.Type ?? type;

    private static FileStream Create(OutputFolder output, string file, long length) => new(
        Path.Combine(output.TemporaryPath, file),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, PreallocationSize = length });

    private void WriteTensors(OutputFolder output, ModelPlan plan)
    {
        TensorRecipe[] recipes = [.. plan.Nodes.SelectMany(n => n.Tensors)];
        long total = recipes.Sum(r => checked(r.Shape.Count * TypeOf(r).Size()));
        long length = recipes.Aggregate(0L, (end, r) => RawFormat.Align(end) + r.Shape.Count * TypeOf(r).Size());
        FileStream? stream = null;
        try
        {
            output.Try(() => stream = Create(output, RawFormat.TensorFile, length));
            long position = 0;
            foreach (TensorRecipe recipe in recipes)
            {
                int padding = (int)(RawFormat.Align(position) - position);
                Array.Clear(_bytes, 0, padding);
                output.Try(() => stream!.Write(_bytes, 0, padding));
                position += padding;
                position += WriteTensor(output, stream!, recipe, position, total);
            }

            output.Try(() => stream!.Flush(flushToDisk: true));
        }
        finally
        {
            stream?.Dispose();
        }
    }

    private long WriteTensor(OutputFolder output, FileStream stream, TensorRecipe recipe, long offset, long total)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long count = recipe.Shape.Count;
        DType stored = TypeOf(recipe);
        for (long first = 0; first < count; first += ChunkValues)
        {
            cancel.ThrowIfCancellationRequested();
            Span<double> values = _values.AsSpan(0, (int)Math.Min(ChunkValues, count - first));
            recipe.Read(source, first, values);
            int length = values.Length * stored.Size();
            TensorEncoder.Encode(recipe.Name, first, values, stored, _bytes.AsSpan(0, length));
            hash.AppendData(_bytes, 0, length);
            output.Try(() => stream.Write(_bytes, 0, length));
            progress?.Invoke(_done += length, total);
        }

        long bytes = count * stored.Size();
        string digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        _table.Add(new RawTensor(recipe.Name, stored.Name(), recipe.Shape.Dims, offset, bytes, digest));
        return bytes;
    }
}
