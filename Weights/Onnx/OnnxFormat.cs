using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.PyTorch;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx.Messages;
using Interp.Weights.Onnx.Tensors;
using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx;

/// <summary>
/// ONNX files (<c>.onnx</c>): IR versions from 3 on, opsets 7 to 25 of ONNX's own operators, parameters in the file or beside it. The
/// format is ONNX's <c>onnx.proto</c>; what a version after the newest known one adds to it is not read, which is said. The protobuf
/// reader is this project's own: Google's copies every parameter, ends at 2 GiB, and takes memory by what a file says rather than by what
/// it is.
/// </summary>
internal sealed class OnnxFormat : IGraphFormat
{
    private const int OldestIr = 3;
    private const int NewestIr = 14;

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public bool Matches(string path, ReadOnlySpan<byte> head, IReadOnlyCollection<string> entries) =>
        path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? !ZipDirectory.Matches(head) : ModelHead.Matches(head);

    /// <inheritdoc/>
    public OperatorGraph Open(string path)
    {
        WeightFile file = WeightFile.Open(path);
        var external = new ExternalData(path);
        try
        {
            return Read(file, external);
        }
        catch (Exception e)
        {
            external.Dispose();
            file.Dispose();
            if (e is ModelException && !e.Message.StartsWith(path + ": ", StringComparison.Ordinal))
            {
                throw new ModelException($"{path}: {e.Message}", e);
            }

            throw;
        }
    }

    private static OperatorGraph Read(WeightFile file, ExternalData external)
    {
        byte[] head = file.Head();
        if (!ModelHead.Matches(head) && ForeignFile.Find(head) is { } foreign)
        {
            throw file.Error(foreign);
        }

        var budget = new ReadBudget(file.Length);
        var proto = new ProtoFile(file, budget);
        ModelProto model = ModelParser.Read(proto);
        if (model.Graph is null)
        {
            throw file.Error("holds no graph, which every ONNX model has; is it one? Export or fetch it again");
        }

        if (model.IrVersion < OldestIr)
        {
            throw file.Error($"is of IR version {model.IrVersion}, expected {OldestIr} or later; export it with tools from after 2017");
        }

        var context = new ModelContext(file.Path, model, new TensorReader(proto, external), budget);
        OperatorGraph graph = GraphBuilder.Build(context, model.Graph, null, null).Graph;
        return graph with
        {
            Assumptions = [.. context.Assumptions(), .. model.IrVersion > NewestIr
                ? [$"IR version {model.IrVersion} is read as {NewestIr}, the newest that is known"] : Array.Empty<string>()],
            Labels = ClassLabels.Find(model.Metadata),
            Files = [file, external],
        };
    }
}
