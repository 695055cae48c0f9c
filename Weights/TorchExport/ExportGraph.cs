using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.TorchExport;

/// <summary>Says an exported program in ONNX's words.</summary>
internal sealed class ExportGraph
{
    private const string Training = "as networks do in training; export it after model.eval()";
    private readonly ExportProgram _program;
    private readonly Dictionary<string, GraphTensor> _constants = new(StringComparer.Ordinal);
    private readonly GraphWriter _writer;

    private ExportGraph(ExportProgram program)
    {
        _program = program;
        _writer = new GraphWriter(program, _constants);
    }

    /// <summary>The graph of a program.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="program">The program.</param>
    /// <param name="find">The values of a parameter, a buffer or a constant by its name outside the program; null where there are
    /// none.</param>
    /// <param name="files">The files that stay open while constants are read.</param>
    /// <exception cref="ModelException">An operator or an argument is not understood; the message names it.</exception>
    internal static OperatorGraph Of(
        string path, ExportProgram program, Func<string, GraphTensor?> find, IReadOnlyList<IDisposable> files)
    {
        var graph = new ExportGraph(program);
        ImmutableArray<GraphPort> inputs = graph.Inputs(find);
        IReadOnlyList<string?> modules = ModuleStack.Of(program.Nodes);
        for (int i = 0; i < program.Nodes.Count; i++)
        {
            graph.Write(program.Nodes[i], modules[i]);
        }

        return new OperatorGraph
        {
            Path = path,
            Origin = $"torch.export, schema {program.Major}.{program.Minor}, PyTorch {Text.OneLine(program.TorchVersion)}",
            Inputs = inputs,
            Outputs = graph.Outputs(),
            Nodes = graph._writer.Nodes,
            Constants = graph._constants,
            Files = files,
        };
    }

    private ImmutableArray<GraphPort> Inputs(Func<string, GraphTensor?> find)
    {
        ImmutableArray<GraphPort>.Builder ports = ImmutableArray.CreateBuilder<GraphPort>();
        foreach (ExportInput input in _program.Inputs)
        {
            if (input.Value is not { } value)
            {
                continue; // No tensor: nothing that an operator on tensors could read.
            }

            if (_writer.Values.Has(value))
            {
                throw new ModelException($"two of its inputs are called '{Text.OneLine(value)}'");
            }

            if (input.Kind == "user_input")
            {
                ports.Add(Port(value, value));
                _writer.Input(value, isFixed: false);
            }
            else if (input.Kind is "parameter" or "buffer" or "tensor_constant" && input.Name is { } name)
            {
                _constants.Add(value, find(name) ?? throw new ModelException($"the values of its {input.Kind} {WeightFile.Quote(name)} "
                    + "are not in the archive as plain numbers; export it again without tensors of classes of their own"));
                _writer.Input(value, isFixed: true);
            }
            else
            {
                throw new ModelException($"its input '{Text.OneLine(value)}' is of the kind '{Text.OneLine(input.Kind)}', expected "
                    + "tensors; export a network that takes images only");
            }
        }

        return ports.DrainToImmutable();
    }

    private ImmutableArray<GraphPort> Outputs()
    {
        ImmutableArray<GraphPort>.Builder ports = ImmutableArray.CreateBuilder<GraphPort>();
        foreach (ExportOutput output in _program.Outputs)
        {
            if (output.Kind == "user_output")
            {
                if (output.Value is { } value)
                {
                    ports.Add(Port(value, _writer.Read(value)));
                }
            }
            else if (output.Kind is not ("user_input_mutation" or "token"))
            {
                throw new ModelException(output.Kind is "buffer_mutation" or "parameter_mutation"
                    ? $"changes its buffer or parameter {WeightFile.Quote(output.Name ?? "?")} when it runs, {Training}"
                    : $"has an output of the kind '{Text.OneLine(output.Kind)}', expected those of a network that is used, not trained");
            }
        }

        return ports.DrainToImmutable();
    }

    private GraphPort Port(string value, string name) => _writer.Meta(value) is { } meta
        ? new GraphPort(name, ScalarTypes.Find(meta.Type), [.. meta.Sizes.Select(s => s.Number)])
        {
            Open = [.. meta.Sizes.Select(s => OpenSizes.Of(s, _program.Ranges))],
        }
        : new GraphPort(name, null, null);

    private void Write(ExportNode node, string? module)
    {
        ImmutableArray<string> results = Results(node);
        string label = node.Name ?? results.FirstOrDefault() ?? node.Target;
        try
        {
            const string Prefix = "torch.ops.aten.";
            string name = node.Target.StartsWith(Prefix, StringComparison.Ordinal) ? node.Target[Prefix.Length..] : node.Target;
            AtenOperator known = AtenOperator.Find(name, out bool isInPlace) ?? throw new ModelException(Unknown(name));
            _writer.Begin(label, module, results);
            var call = new AtenCall(known.Signature, node, _writer);
            string? first = node.Inputs.FirstOrDefault(i => i.Name == known.Signature.First).Value?.Value as string;
            if (isInPlace && (first is null || _writer.Values.IsFixed(first)))
            {
                throw new ModelException($"changes the parameter or buffer '{Text.OneLine(first ?? "?")}' in place, {Training}");
            }

            known.Write(call);
            call.RequireAllRead();
            Bind(results, first, isInPlace ? Sharing.None : known.Sharing, isInPlace);
        }
        catch (ModelException e)
        {
            var place = new OperatorNode(node.Target, label, module, [], [], OperatorAttributes.None);
            throw new ModelException($"{place.Where}: {e.Message}", e);
        }
    }

    /// <summary>Gives the results their names in the program; results without meaning get none, so that nothing can read them.</summary>
    private void Bind(ImmutableArray<string> results, string? first, Sharing sharing, bool isInPlace)
    {
        ImmutableArray<string> written = _writer.Written;
        for (int i = 0; i < written.Length && i < results.Length; i++)
        {
            if (isInPlace)
            {
                _writer.Values.Change(first!, written[i]);
                _writer.Values.AddSame(results[i], written[i], first!);
            }
            else if (sharing == Sharing.Same && first is not null)
            {
                _writer.Values.AddSame(results[i], written[i], first);
            }
            else if (sharing == Sharing.View && first is not null)
            {
                _writer.Values.AddView(results[i], written[i], first);
            }
            else
            {
                _writer.Values.Add(results[i], written[i]);
            }
        }
    }

    private static ImmutableArray<string> Results(ExportNode node) => [.. node.Outputs.SelectMany(o => o switch
    {
        { Kind: "as_tensor" or "as_sym_int" or "as_sym_bool" or "as_sym_float", Value: string name } => [name],
        { Kind: "as_tensors", Value: ImmutableArray<string?> names } => names.OfType<string>(),
        _ => Enumerable.Empty<string>(),
    })];

    private static string Unknown(string name) => name.Contains("attention", StringComparison.Ordinal)
        ? "is attention, which is not supported; use a convolutional network"
        : "is not supported; torch.export.export(...).run_decompositions() may say it by simpler ones";
}
