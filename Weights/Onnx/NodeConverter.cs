using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx.Messages;
using Interp.Weights.Onnx.Opsets;

namespace Interp.Weights.Onnx;

/// <summary>Makes operators of a graph's nodes: constants of <c>Constant</c> nodes, a function's nodes of its calls.</summary>
/// <param name="model">The file.</param>
internal sealed class NodeConverter(ModelContext model)
{
    /// <summary>The operators, in the order of the file.</summary>
    internal List<NodeDraft> Made { get; } = [];

    /// <summary>Adds the operators of a graph or a function. What a node reads may be made by a later one.</summary>
    /// <exception cref="ModelException">A node reads what nothing makes, or does what is not supported.</exception>
    internal void Add(IReadOnlyList<NodeProto> nodes, ValueScope scope, FunctionCall? call)
    {
        foreach (string output in nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0))
        {
            scope.Define(output);
        }

        foreach (NodeProto node in nodes.Where(IsConstant))
        {
            AddConstant(node, scope, call);
        }

        foreach (NodeProto node in nodes.Where(n => !IsConstant(n)))
        {
            model.Budget.Take(700);
            if (model.Function(node) is { } function)
            {
                Inline(function, node, scope, call);
            }
            else
            {
                Made.AddRange(Convert(node, scope, call));
            }
        }
    }

    private static bool IsConstant(NodeProto node) => node is { Operator: "Constant", Domain: "" };

    private void AddConstant(NodeProto node, ValueScope scope, FunctionCall? call)
    {
        model.Budget.Take(500);
        NodeDraft draft = Draft(node, scope, call);
        if (draft.Outputs is not [{ Length: > 0 } name] || node.Attributes is not [var attribute]
            || FunctionCall.Resolve(attribute, call) is not { } value)
        {
            throw draft.Error("expected one attribute and one output; the file is damaged: export it again");
        }

        AttributeType type = AttributeReader.TypeOf(value);
        GraphTensor Held(ElementType element, ImmutableArray<long> shape, IEnumerable<double> values)
        {
            double[] held = [.. values];
            model.Budget.Take(8L * held.Length);
            return new HeldTensor(element, shape, held);
        }

        model.AddSource(name, (type, attribute.Name) switch
        {
            (AttributeType.Tensor, "value") when value.Tensor is not null => () => model.Tensors.Read(value.Tensor!, node.Outputs[0]),
            (AttributeType.SparseTensor, "sparse_value") when value.SparseTensor is not null => () => model.Tensors.Read(value.SparseTensor!, node.Outputs[0]),
            (AttributeType.Float, "value_float") => () => Held(ElementType.Float32, [], [value.Float ?? 0]),
            (AttributeType.Int, "value_int") => () => Held(ElementType.Int64, [], [value.Int ?? 0]),
            (AttributeType.Floats, "value_floats") => () => Held(
                ElementType.Float32, [value.Floats.Count], value.Floats.Select(v => (double)v)),
            (AttributeType.Ints, "value_ints") => () => Held(ElementType.Int64, [value.Ints.Count], value.Ints.Select(v => (double)v)),
            _ => () => throw draft.Error($"attribute '{Text.OneLine(attribute.Name)}' of type {type} is not supported"),
        });
    }

    private void Inline(FunctionProto function, NodeProto node, ValueScope scope, FunctionCall? call)
    {
        model.Budget.Take(100L * (function.Inputs.Count + function.Outputs.Count + function.Defaults.Count + node.Attributes.Count));
        NodeDraft draft = Draft(node, scope, call);
        if (node.Inputs.Count > function.Inputs.Count || node.Outputs.Count > function.Outputs.Count)
        {
            throw draft.Error($"is called with {node.Inputs.Count} inputs and {node.Outputs.Count} outputs, expected at most"
                + $" {function.Inputs.Count} and {function.Outputs.Count}");
        }

        var inner = new ValueScope(model.Names, null);
        for (int i = 0; i < function.Inputs.Count; i++)
        {
            inner.Bind(function.Inputs[i], draft.Input(i));
        }

        for (int i = 0; i < function.Outputs.Count; i++)
        {
            string given = i < draft.Outputs.Count ? draft.Outputs[i] : "";
            string name = function.Outputs[i];
            if (inner.FindOwn(name) is { Length: > 0 } passed)
            {
                Made.Add(Identity(draft, passed, given)); // An input that comes out as it is.
            }
            else if (!inner.Expect(name, given.Length > 0 ? given : model.Names.Unique(name)))
            {
                throw draft.Error("has an output twice; the file is damaged: export it again");
            }
        }

        var called = new FunctionCall(function, node, call, draft.Module);
        if (model.Within(() => Missing(function, inner, called)) is { } missing)
        {
            throw draft.Error($"is a function that does not make its output {WeightFile.Quote(missing)}; the file is damaged: export it"
                + " again");
        }
    }

    /// <summary>Adds a function's operators; returns an output that none of them makes, or null.</summary>
    private string? Missing(FunctionProto function, ValueScope inner, FunctionCall call)
    {
        Add(function.Nodes, inner, call);
        return inner.Missing.FirstOrDefault();
    }

    private static NodeDraft Identity(NodeDraft call, string input, string output) => new()
    {
        Operator = "Identity", Label = call.Label, Module = call.Module, Inputs = [input], Outputs = [output],
    };

    private IReadOnlyList<NodeDraft> Convert(NodeProto node, ValueScope scope, FunctionCall? call)
    {
        NodeDraft draft = Draft(node, scope, call);
        foreach (AttributeProto attribute in node.Attributes)
        {
            AddAttribute(draft, attribute, scope, call);
        }

        if (node.Domain.Length == 0)
        {
            IReadOnlyDictionary<string, long> opsets = call?.Opsets is { Count: > 0 } own ? own : model.Opsets;
            OpsetUpgrades.Apply(draft, opsets.TryGetValue("", out long opset) ? opset
                : throw draft.Error("the file does not say of which opset it is; export it again"), model);
        }

        return node.Domain == RuntimeOperators.Domain || node.Domain.StartsWith(RuntimeOperators.Domain + ".", StringComparison.Ordinal)
            ? RuntimeOperators.Translate(draft, model) : [draft];
    }

    /// <summary>A node's operator without its attributes.</summary>
    private NodeDraft Draft(NodeProto node, ValueScope scope, FunctionCall? call)
    {
        model.Budget.Take(48L * (node.Inputs.Count + node.Outputs.Count));
        var draft = new NodeDraft
        {
            Operator = node.Domain.Length == 0 ? node.Operator : $"{node.Domain}.{node.Operator}",
            Label = node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(o => o.Length > 0) ?? "",
            Module = model.Modules.Of(node) ?? call?.Module,
            Inputs = [],
            Outputs = [.. node.Outputs.Select(o => scope.Find(o)!)],
        };
        foreach (string input in node.Inputs)
        {
            draft.Inputs.Add(scope.Find(input)
                ?? throw draft.Error($"reads {WeightFile.Quote(input)}, which nothing makes; the file is damaged: export it again"));
        }

        return draft;
    }

    private void AddAttribute(NodeDraft draft, AttributeProto attribute, ValueScope scope, FunctionCall? call)
    {
        object value;
        try
        {
            if (FunctionCall.Resolve(attribute, call) is not { } resolved)
            {
                return; // The call of the function leaves it out, so the operator's default counts.
            }

            model.Budget.Take(200 + 8L * (resolved.Floats.Count + resolved.Ints.Count + resolved.Strings.Count));
            AttributeType type = AttributeReader.TypeOf(resolved);
            string name = $"{draft.Label}.{attribute.Name}";
            switch (type)
            {
                case AttributeType.Tensor when resolved.Tensor is not null:
                    value = model.Tensors.Read(resolved.Tensor, name);
                    break;
                case AttributeType.SparseTensor when resolved.SparseTensor is not null:
                    value = model.Tensors.Read(resolved.SparseTensor, name);
                    break;
                case AttributeType.Graph when resolved.Graph is not null:
                    (value, IReadOnlySet<string> captures) = model.Within(() => GraphBuilder.Build(model, resolved.Graph, scope, call));
                    draft.Captures.UnionWith(captures);
                    break;
                default:
                    value = AttributeReader.Simple(resolved, type);
                    break;
            }
        }
        catch (ModelException e) when (!e.Message.StartsWith("operator ", StringComparison.Ordinal))
        {
            throw draft.Error(e.Message);
        }

        if (!draft.Attributes.TryAdd(attribute.Name, value))
        {
            throw draft.Error($"attribute '{Text.OneLine(attribute.Name)}' is there twice; the file is damaged: export it again");
        }
    }
}
