using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.PyTorch;
using Interp.Weights.Graphs;
using Interp.Weights.Keras;
using Interp.Weights.Onnx;
using Interp.Weights.TorchExport;

namespace Interp.Weights;

/// <summary>Every format that holds a whole network.</summary>
internal static class GraphFormats
{
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
        using WeightFile file = WeightFile.Open(path);
        byte[] head = file.Head();
        if (ForeignModel.Describe(head, path) is { } other)
        {
            throw new ModelException($"{path}: {other}");
        }

        IReadOnlyCollection<string> entries = ZipDirectory.NamesIn(file, head);
        return All.FirstOrDefault(f => f.Matches(path, head, entries))?.Open(path);
    }
}
