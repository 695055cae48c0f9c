using System.Text.Json;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.PyTorch;

namespace Interp.Weights.TorchExport;

/// <summary>
/// The table of an archive's tensors: of each the file of its storage, which several may share, and where it lies in that.
/// </summary>
internal static class PayloadTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="file">The archive, for messages.</param>
    /// <param name="entry">The table's name in it.</param>
    /// <param name="json">The table.</param>
    /// <param name="locate">Where a storage lies in the archive, by its name.</param>
    /// <exception cref="ModelException">A tensor is not usable, or not inside its storage.</exception>
    internal static WeightTable Read(WeightFile file, string entry, byte[] json, Func<string, (long Position, long Size)?> locate)
    {
        try
        {
            var cursor = new JsonCursor(file, entry, json);
            var tensors = new List<StoredTensor>();
            cursor.Start();
            cursor.BeginObject();
            while (cursor.Property() is { } name)
            {
                if (name != "config")
                {
                    cursor.Skip();
                    continue;
                }

                cursor.BeginObject();
                while (cursor.Property() is { } tensor)
                {
                    if (Tensor(ref cursor, file, tensor, locate) is { } stored)
                    {
                        tensors.Add(stored);
                    }
                }
            }

            cursor.End();
            return new WeightTable(tensors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw file.Damaged($"its {entry} is no JSON that can be read: {Text.OneLine(e.Message)}");
        }
    }

    /// <summary>One tensor; null for something that is none, which only matters if the graph reads it.</summary>
    private static StoredTensor? Tensor(
        ref JsonCursor cursor, WeightFile file, string tensor, Func<string, (long Position, long Size)?> locate)
    {
        string? path = null;
        ExportMeta? meta = null;
        bool isPickle = false;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            switch (name)
            {
                case "path_name":
                    path = cursor.Name();
                    break;
                case "use_pickle":
                    isPickle = cursor.Flag();
                    break;
                case "tensor_meta" when !cursor.IsNull:
                    meta = TensorReader.Meta(ref cursor);
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return isPickle || meta is null || path is null ? null : Place(file, tensor, meta, path, locate(path));
    }

    private static StoredTensor Place(
        WeightFile file, string tensor, ExportMeta meta, string path, (long Position, long Size)? storage)
    {
        string quoted = WeightFile.Quote(tensor);
        if (meta.Layout != TensorReader.Strided)
        {
            throw file.Error($"tensor {quoted} is sparse or of another special layout ({meta.Layout}), expected a plain one; make it "
                + "one before the export (.to_dense())");
        }

        ElementType type = ScalarTypes.Find(meta.Tensor.Type) ?? throw file.Error($"tensor {quoted} has elements of PyTorch's type "
            + $"{meta.Tensor.Type}, which cannot be read; convert it to float32 before the export");
        if (storage is not var (position, size))
        {
            throw file.Damaged($"the storage {WeightFile.Quote(path)} of tensor {quoted} is not in the archive");
        }

        if (meta.Tensor.Sizes.Any(s => s.Number is null) || meta.Strides.Any(s => s is null))
        {
            throw file.Damaged($"the sizes or strides of {quoted} are open");
        }

        var view = new StorageView(new TorchStorage(path, 1, size) { Position = position }, type, 0, size);
        return TensorLocation.Of(file, tensor, new TorchTensor(view, type, meta.Offset,
            meta.Tensor.Sizes.Select(s => (object?)s.Number!.Value).ToList(), meta.Strides.Select(s => (object?)s!.Value).ToList()));
    }
}
