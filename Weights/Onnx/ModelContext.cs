using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx.Messages;
using Interp.Weights.Onnx.Opsets;
using Interp.Weights.Onnx.Tensors;
using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx;

/// <summary>What is the same for all graphs of a file. Names of values and of constants are the whole file's.</summary>
internal sealed class ModelContext : IDraftConstants
{
    /// <summary>Graphs within graphs and calls within calls may be this deep.</summary>
    private const int MaxDepth = 64;

    private readonly Dictionary<string, Func<GraphTensor>> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphTensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private int _depth;

    /// <summary>Checks the versions and takes the functions.</summary>
    /// <exception cref="ModelException">A version is not supported, or something is there twice.</exception>
    internal ModelContext(string path, ModelProto model, TensorReader tensors, ReadBudget budget)
    {
        Path = path;
        Tensors = tensors;
        Budget = budget;
        Names = new NameTable(budget);
        Modules = new ModulePaths(model);
        Opsets = OpsetsOf(model.Opsets);
        string producer = Text.OneLine($"{model.Producer} {model.ProducerVersion}".Trim());
        Origin = $"ONNX, opset {(Opsets.TryGetValue("", out long opset) ? opset : "none")}, IR {model.IrVersion}"
            + (producer.Length == 0 ? "" : $", by {producer}");
        foreach (FunctionProto function in model.Functions)
        {
            if (!_functions.TryAdd((function.Domain, function.Name, function.Overload), function))
            {
                throw new ModelException(
                    $"function {WeightFile.Quote(function.Name)} is there twice; the file is damaged: export it again");
            }
        }
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>What the file is, in a few words.</summary>
    internal string Origin { get; }

    internal TensorReader Tensors { get; }

    internal ReadBudget Budget { get; }

    internal NameTable Names { get; }

    internal ModulePaths Modules { get; }

    /// <summary>The opset of each domain.</summary>
    internal IReadOnlyDictionary<string, long> Opsets { get; }

    /// <summary>All constants that anything has asked for.</summary>
    internal IReadOnlyDictionary<string, GraphTensor> Constants => _constants;

    /// <summary>The function that an operator is a call of; null if it is none of the file's.</summary>
    internal FunctionProto? Function(NodeProto node) => _functions.GetValueOrDefault((node.Domain, node.Operator, node.Overload));

    /// <summary>The opsets by their domains.</summary>
    /// <exception cref="ModelException">One of ONNX's own is not supported, or a domain has two.</exception>
    internal static Dictionary<string, long> OpsetsOf(List<(string Domain, long Version)> imports)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string domain, long version) in imports)
        {
            if (domain.Length == 0 && version is < OpsetUpgrades.Oldest or > OpsetUpgrades.Newest)
            {
                throw new ModelException($"uses opset {version}, expected {OpsetUpgrades.Oldest} to {OpsetUpgrades.Newest}; export it with"
                    + " one of these (torch.onnx.export(..., opset_version=18))");
            }

            if (!opsets.TryAdd(domain, version) && opsets[domain] != version)
            {
                throw new ModelException($"uses two opsets, {opsets[domain]} and {version}, of domain {WeightFile.Quote(domain)}; the file"
                    + " is damaged: export it again");
            }
        }

        return opsets;
    }

    /// <summary>Builds what is within a graph or a call.</summary>
    /// <exception cref="ModelException">It is too deep.</exception>
    internal T Within<T>(Func<T> build)
    {
        if (++_depth > MaxDepth)
        {
            throw new ModelException($"has graphs and functions within each other more than {MaxDepth} deep, which is not supported");
        }

        T built = build();
        _depth--;
        return built;
    }

    /// <summary>Makes a constant known, which is read when it is asked for.</summary>
    internal void AddSource(string name, Func<GraphTensor> source) => _sources.Add(name, source);

    /// <summary>Whether a value is a constant.</summary>
    internal bool IsConstant(string name) => _constants.ContainsKey(name) || _sources.ContainsKey(name);

    /// <inheritdoc/>
    public string Add(ElementType type, ImmutableArray<long> shape, double[] values)
    {
        Budget.Take(300 + 8L * values.Length);
        string name = Names.Unique("constant");
        _constants.Add(name, new HeldTensor(type, shape, values));
        return name;
    }

    /// <inheritdoc/>
    public GraphTensor? Find(string name)
    {
        if (!_constants.TryGetValue(name, out GraphTensor? constant) && _sources.TryGetValue(name, out Func<GraphTensor>? source))
        {
            _constants.Add(name, constant = source());
        }

        return constant;
    }

    /// <inheritdoc/>
    public string NewValue(string like) => Names.Unique(like);

    /// <summary>What is said of the parameters' type.</summary>
    internal IEnumerable<string> Assumptions()
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.BFloat16 })
        {
            if (_constants.Values.Any(c => c.Type == type && c.Shape.Length > 0))
            {
                yield return $"parameters of type {type.Name} are widened; the network computes in float32";
            }
        }
    }
}
