using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Hdf5;
using Interp.Weights.Graphs;

namespace Interp.Weights.Keras;

/// <summary>
/// Whole models as Keras 2 and 3 save them, <c>.keras</c> and <c>.h5</c>: Sequential and Functional ones, nested too. Layers become ONNX
/// operators; where channels are last, between two transpositions.
/// </summary>
internal sealed class KerasFormat : IGraphFormat
{
    /// <inheritdoc/>
    public string Name => "keras";

    /// <inheritdoc/>
    public bool Matches(string path, ReadOnlySpan<byte> head, IReadOnlyCollection<string> entries) =>
        head.StartsWith(Hdf5File.Signature) || KerasFile.IsKerasArchive(entries);

    /// <inheritdoc/>
    public OperatorGraph Open(string path)
    {
        KerasFile file = KerasFile.Open(path);
        try
        {
            return Read(file, path);
        }
        catch (ModelException e) when (!e.Message.Contains(path, StringComparison.Ordinal))
        {
            file.Dispose();
            throw new ModelException($"{path}: {e.Message}", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static OperatorGraph Read(KerasFile file, string path)
    {
        KerasModel model = new ModelReader(file.Major).Read(file.Model);
        ImmutableArray<long?> shape = InputShape(model);
        var graph = new KerasGraph();
        string name = graph.Unique(model.Inputs[0].Layer is { Length: > 0 } given ? given : "input");
        (GraphPort port, KerasValue value) = Port(graph, name, shape, ChannelsFirst(model));
        KerasStore store = file.Store(model);
        ImmutableArray<KerasValue> outputs = new ModelWriter(graph, file.Major, path).Write(model, "", [value], store);
        store.RequireAllUsed();
        (Preprocessing? preprocessing, string? source) = port.Shape is [_, (1 or 3) and var channels, _, _]
            ? PixelScale.Guess(graph, name, (int)channels) : ((Preprocessing?)null, (string?)null);
        return new OperatorGraph
        {
            Path = path,
            Origin = $"Keras {file.Version} model ({(file.IsArchive ? ".keras" : ".h5")})",
            Inputs = [port],
            Outputs = [.. outputs.Select(o => new GraphPort(o.Name, ElementType.Float32, o.Shape))],
            Nodes = graph.Nodes,
            Constants = graph.Constants,
            Assumptions = [.. Precisions(model)],
            Preprocessing = preprocessing,
            PreprocessingSource = source,
            Files = [file],
        };
    }

    private static ImmutableArray<long?> InputShape(KerasModel model)
    {
        if (model.Inputs.Length != 1)
        {
            throw new ModelException($"the model has {model.Inputs.Length} inputs, expected one: images");
        }

        KerasLayer? layer = model.Layers.FirstOrDefault(l => l.Name == model.Inputs[0].Layer);
        return layer?.InputShape ?? throw new ModelException(
            "the file does not say the size of the model's input; call it once on an image, or give it an Input layer, and save it again");
    }

    /// <summary>The graph's input, which has its channels first whatever the model has.</summary>
    private static (GraphPort Port, KerasValue Value) Port(KerasGraph graph, string name, ImmutableArray<long?> shape, bool channelsFirst)
    {
        if (shape.Length != 4 || channelsFirst)
        {
            return (new(name, ElementType.Float32, shape), new(name, shape));
        }

        ImmutableArray<long> last = [0, 2, 3, 1];
        string turned = graph.Operator("Transpose", name, "", [name], ("perm", last));
        return (new(name, ElementType.Float32, [shape[0], shape[3], shape[1], shape[2]]), new(turned, shape));
    }

    /// <summary>Whether the model's layers have channels first; all must agree, as the input's layout follows.</summary>
    private static bool ChannelsFirst(KerasModel model)
    {
        string[] formats = [.. All(model).Where(l => l.Settings.Has("data_format"))
            .Select(l => l.Settings.Text("data_format", "")).Distinct(StringComparer.Ordinal)];
        return formats.Length < 2 ? formats is ["channels_first"] : throw new ModelException(
            "some layers have data_format channels_first and some channels_last; save the model with one of them");
    }

    private static IEnumerable<string> Precisions(KerasModel model)
    {
        string[] names = [.. All(model).Where(l => l.Class != KerasModel.InputClass).Select(l => Layers.Precision.Name(l.Settings))
            .OfType<string>().Where(n => n.Contains("16", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        return names.Length == 0 ? [] : [$"layers that Keras computes in {string.Join(" and ", names)} are computed in float32"];
    }

    private static IEnumerable<KerasLayer> All(KerasModel model) =>
        model.Layers.SelectMany(l => l.Inner is { } inner ? All(inner) : [l]);
}
