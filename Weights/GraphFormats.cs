using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Keras;
using Interp.Weights.Onnx;
using Interp.Weights.TorchExport;

namespace Interp.Weights;

/// <summary>Every format that holds a whole network.</summary>
internal static class GraphFormats
{
    private const int HeadBytes = 512;

    /// <summary>All formats; a new one is one folder and one line here.</summary>
    internal static Catalog<IGraphFormat> All { get; } = new(
        "graph format",
        f => f.Name,
        new OnnxFormat(),
        new TorchExportFormat(),
        new KerasFormat());

    /// <summary>Opens a file that holds a whole network; null if it is of no such format.</summary>
    /// <exception cref="ModelException">The file is damaged, or holds something that is not allowed.</exception>
    internal static OperatorGraph? Open(string path)
    {
        byte[] head;
        using (WeightFile file = WeightFile.Open(path))
        {
            head = new byte[Math.Min(HeadBytes, file.Length)];
            file.Read(0, head);
        }

        if (ForeignModel.Describe(head, path) is { } other)
        {
            throw new ModelException($"{path}: {other}");
        }

        return All.FirstOrDefault(f => f.Matches(path, head))?.Open(path);
    }
}
