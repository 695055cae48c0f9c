using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx.Messages;
using Interp.Weights.Onnx.Opsets;

namespace Interp.Weights.Onnx;

/// <summary>
/// Builds one graph of a file: names its values, makes constants of its initialisers, and sorts its operators. The constants of a graph
/// within another are those of the outermost one: their names are the whole file's.
/// </summary>
internal static class GraphBuilder
{
    /// <summary>Builds a graph and all that is in it.</summary>
    /// <param name="model">The file.</param>
    /// <param name="graph">The graph's message.</param>
    /// <param name="outer">The values around it; null for the outermost graph.</param>
    /// <param name="call">The function in which it is; null outside of functions.</param>
    /// <returns>The graph, and the values of outer graphs that it reads.</returns>
    /// <exception cref="ModelException">It contradicts itself, or holds what is not supported.</exception>
    internal static (OperatorGraph Graph, IReadOnlySet<string> Captures) Build(
        ModelContext model, GraphProto graph, ValueScope? outer, FunctionCall? call)
    {
        model.Budget.Take(1000 + 400L * (graph.Initializers.Count + graph.SparseInitializers.Count + graph.Inputs.Count
            + graph.Outputs.Count));
        var scope = new ValueScope(model.Names, outer);
        foreach (TensorProto tensor in graph.Initializers)
        {
            model.AddSource(scope.Define(Named(tensor.Name, "an initialiser")), () => model.Tensors.Read(tensor, tensor.Name));
        }

        foreach (SparseTensorProto sparse in graph.SparseInitializers)
        {
            string name = Named(sparse.Values?.Name ?? "", "a sparse initialiser");
            model.AddSource(scope.Define(name), () => model.Tensors.Read(sparse, name));
        }

        // Files before 2019 list every initialiser among the inputs, too.
        var inputs = new List<GraphPort>();
        foreach (ValueInfoProto info in graph.Inputs)
        {
            if (scope.FindOwn(info.Name) is not { } known || !model.IsConstant(known))
            {
                inputs.Add(Port(info, scope.Define(Named(info.Name, "an input")), isInput: true));
            }
        }

        var nodes = new NodeConverter(model);
        nodes.Add(graph.Nodes, scope, call);
        ImmutableArray<GraphPort> outputs = [.. graph.Outputs.Select(o => Port(
            o, scope.Find(Named(o.Name, "an output")) ?? throw new ModelException(
                $"output {WeightFile.Quote(o.Name)} is made by no operator; the file is damaged: export it again"), isInput: false))];
        List<NodeDraft> sorted = GraphOrder.Sort(nodes.Made);
        foreach (string name in sorted.SelectMany(n => n.Inputs).Concat(outputs.Select(o => o.Name)))
        {
            model.Find(name);
        }

        if (outer is null)
        {
            Quantization.Refuse(sorted, model.IsConstant);
            model.Modules.Complete(sorted);
        }

        var built = new OperatorGraph
        {
            Path = model.Path,
            Origin = model.Origin,
            Inputs = [.. inputs],
            Outputs = outputs,
            Nodes = [.. sorted.Select(n => n.Finish())],
            Constants = outer is null ? model.Constants : ImmutableDictionary<string, GraphTensor>.Empty,
        };
        return (built, scope.Captures);
    }

    private static GraphPort Port(ValueInfoProto info, string name, bool isInput)
    {
        ElementType? type = info.Kind == 1 ? OnnxTypes.Of(info.ElementType) : null;
        if (isInput && info.Kind != 0 && type is null && !(info.Kind == 1 && info.ElementType == 0))
        {
            string what = info.Kind == 1 ? $"of type {Tensors.ElementFields.NameOf(info.ElementType)}" : "no tensor";
            throw new ModelException($"input {WeightFile.Quote(info.Name)} is {what}, expected an image of numbers");
        }

        return new GraphPort(name, type, info.Shape?.ToImmutableArray());
    }

    private static string Named(string name, string what) => name.Length > 0 ? name
        : throw new ModelException($"{what} of the graph has no name; the file is damaged: export it again");
}
