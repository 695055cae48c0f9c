using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.TorchExport;

/// <summary>
/// What <c>torch.export.save</c> writes: a zip archive with the network's operators as JSON, in PyTorch's own words (ATen), and its
/// tensors. It is recognised by the names in the archive, which tell it from the weights that <c>torch.save</c> writes.
/// </summary>
internal sealed class TorchExportFormat : IGraphFormat
{
    /// <inheritdoc/>
    public string Name => "pt2";

    /// <inheritdoc/>
    public bool Matches(string path, ReadOnlySpan<byte> head, IReadOnlyCollection<string> entries) => ExportArchive.Matches(entries);

    /// <inheritdoc/>
    public OperatorGraph Open(string path)
    {
        ExportArchive archive = ExportArchive.Open(path);
        var files = new List<IDisposable> { archive };
        try
        {
            string entry = archive.Program();
            ExportProgram program = ProgramReader.Read(archive.File, entry, archive.Read(entry));
            return ExportGraph.Of(path, program, new Finder(archive, entry, files).Find, files);
        }
        catch (Exception e)
        {
            files.ForEach(f => f.Dispose());
            if (e is ModelException && !e.Message.Contains(path, StringComparison.Ordinal))
            {
                throw new ModelException($"{path}: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Finds tensors by name, in the state dict and then in the constants, which are opened when they are needed.</summary>
    private sealed class Finder(ExportArchive archive, string entry, List<IDisposable> files)
    {
        private Dictionary<string, GraphTensor>? _weights;
        private Dictionary<string, GraphTensor>? _constants;

        internal GraphTensor? Find(string name) => (_weights ??= Read(archive.Weights(entry))).GetValueOrDefault(name)
            ?? (_constants ??= Read(archive.Constants(entry))).GetValueOrDefault(name);

        private Dictionary<string, GraphTensor> Read(WeightSource source)
        {
            files.Add(source);
            return source.Entries.ToDictionary(e => e.Name, e => (GraphTensor)WeightTensor.Of(source, e), StringComparer.Ordinal);
        }
    }
}
