using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>A state dict's entries by name, with a record of which have been used, so that leftovers are found.</summary>
internal sealed class StateDict
{
    /// <summary>The next step for a file that does not hold what it should.</summary>
    internal const string SaveAgain = "save it again with torch.save(model.state_dict(), FILE)";

    private readonly Dictionary<string, WeightEntry> _entries;
    private readonly ModuleTree? _modules;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private StateDict(IEnumerable<KeyValuePair<string, WeightEntry>> entries, ModuleTree? modules)
    {
        _modules = modules;
        _entries = new(entries, StringComparer.Ordinal);
    }

    /// <summary>All entries but PyTorch's counters of training steps, which no network needs to run.</summary>
    internal StateDict(IEnumerable<WeightEntry> entries, ModuleTree? modules = null)
    {
        _modules = modules;
        _entries = entries.Where(e => !e.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>The same tensors under other names.</summary>
    internal StateDict Renamed(Func<string, string> rename) =>
        new(_entries.Select(e => KeyValuePair.Create(rename(e.Key), e.Value)), _modules);

    /// <summary>All names, in file order.</summary>
    internal IEnumerable<string> Names => _entries.Keys;

    /// <summary>Whether there is a tensor of that name.</summary>
    internal bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Number of axes of a tensor, or -1 if there is none.</summary>
    internal int Rank(string name) => _entries.TryGetValue(name, out WeightEntry? entry) ? entry.Shape.Length : -1;

    /// <summary>The side of a convolution's square filters, or 0 if the tensor is none.</summary>
    internal int Kernel(string name) =>
        _entries.TryGetValue(name, out WeightEntry? e) && e.Shape is [_, _, var h, var w] && h == w && h is > 0 and < 100_000 ? (int)h : 0;

    /// <summary>Every N for which there is a tensor whose name begins with <c>prefix.N.</c>, ascending.</summary>
    internal int[] Members(string prefix) =>
    [
        .. (from name in _entries.Keys
            where name.StartsWith($"{prefix}.", StringComparison.Ordinal)
            let index = Index(name[(prefix.Length + 1)..].Split('.')[0])
            where index >= 0
            select index).Distinct().Order(),
    ];

    /// <summary>Whether there is a block of that name, which is known by its first tensor.</summary>
    /// <exception cref="ModelException">There is one without that tensor.</exception>
    internal bool HasBlock(string block, string first) => Has($"{block}.{first}")
        || (_entries.Keys.Any(n => n.StartsWith($"{block}.", StringComparison.Ordinal)) ? throw Missing($"{block}.{first}") : false);

    /// <summary>Every N for which there is a tensor <c>prefix.N.field</c>, ascending.</summary>
    internal int[] Indices(string prefix, string field) => [.. Members(prefix).Where(n => Has($"{prefix}.{n}.{field}"))];

    /// <summary>The names of the linear layers that no network has asked for: every L with a tensor <c>L.weight</c> of two axes, in file
    /// order.</summary>
    internal string[] UnusedMatrices() =>
        [.. Unused.Where(n => n.EndsWith(".weight", StringComparison.Ordinal) && Rank(n) == 2).Select(n => n[..^".weight".Length])];

    /// <summary>The tensor of that name, or null.</summary>
    internal WeightEntry? Find(string name)
    {
        _used.Add(name);
        return _entries.GetValueOrDefault(name);
    }

    /// <summary>The tensor of that name and rank, with its sizes.</summary>
    /// <exception cref="ModelException">It is missing, holds no floating point numbers, or its sizes are not usable.</exception>
    internal (WeightEntry Entry, Shape Shape) Require(string name, int rank)
    {
        WeightEntry entry = RequireReal(name);
        return entry.Shape.Length == rank && entry.Shape.All(d => d is > 0 and <= int.MaxValue)
            ? (entry, new Shape([.. entry.Shape.Select(d => (int)d)]))
            : throw new ModelException($"tensor '{name}' has shape {Sizes(entry)}, expected {rank} positive sizes; {SaveAgain}");
    }

    /// <summary>The vector of that name and length.</summary>
    /// <exception cref="ModelException">It is missing, no floating point numbers, or of another shape.</exception>
    internal WeightEntry RequireVector(string name, int length)
    {
        WeightEntry entry = RequireReal(name);
        return entry.Shape.Length == 1 && entry.Shape[0] == length
            ? entry
            : throw new ModelException($"tensor '{name}' has shape {Sizes(entry)}, expected [{length}]; {SaveAgain}");
    }

    /// <summary>The bias of a layer with the given number of outputs; zeros if the layers of its kind have none.</summary>
    /// <exception cref="ModelException">It is of another shape, or missing while its like have one.</exception>
    internal TensorRecipe Bias(string layer, int outputs, bool none)
    {
        string name = $"{layer}.bias";
        var shape = new Shape(outputs);
        if (Has(name))
        {
            return new CopiedTensor(RequireVector(name, outputs), shape);
        }

        return none
            ? new ZeroTensor(name, shape)
            : throw new ModelException($"tensor '{name}' is missing, though other layers have a bias; save the whole state dict, or, if "
                + $"{layer} has none, add sd['{name}'] = torch.zeros({outputs})");
    }

    /// <summary>The batch norm of that name over the given number of channels.</summary>
    /// <exception cref="ModelException">One of its tensors is missing or of another shape.</exception>
    internal BatchNormFold BatchNorm(string name, int channels, double epsilon = BatchNormFold.StandardEpsilon)
    {
        bool affine = Has($"{name}.weight") || Has($"{name}.bias");
        return new BatchNormFold(
            RequireVector($"{name}.running_mean", channels),
            RequireVector($"{name}.running_var", channels),
            affine ? RequireVector($"{name}.weight", channels) : null,
            affine ? RequireVector($"{name}.bias", channels) : null,
            _modules?.Find(name)?.Number("eps") ?? epsilon);
    }

    /// <summary>What a network with batch norms of that ε assumes: nothing but the file's word where that holds the modules.</summary>
    internal string EpsilonAssumption(double epsilon = BatchNormFold.StandardEpsilon) =>
        _modules is null ? BatchNormFold.Assumption(epsilon) : "batch norm's epsilon is that of the file's modules";

    /// <summary>Whether the layer of that name is a batch norm, complete or not.</summary>
    internal bool IsBatchNorm(string name) => Rank($"{name}.weight") == 1 || Has($"{name}.running_mean") || Has($"{name}.running_var");

    /// <summary>Leaves out the tensors of a part that the network does not need to run; returns how many.</summary>
    internal int Ignore(string part)
    {
        string[] found = [.. _entries.Keys.Where(n => n.StartsWith($"{part}.", StringComparison.Ordinal))];
        _used.UnionWith(found);
        return found.Length;
    }

    /// <summary>Names that no network has asked for.</summary>
    internal IEnumerable<string> Unused => _entries.Keys.Where(n => !_used.Contains(n));

    /// <summary>Checks that nothing is left over.</summary>
    /// <exception cref="ModelException">Something is; the message names it.</exception>
    internal void RequireAllUsed(string expected)
    {
        string[] left = [.. Unused.Take(4)];
        if (left.Length > 0)
        {
            string names = string.Join(", ", left.Take(3).Select(n => $"'{Text.OneLine(n)}'"));
            string tensors = left.Length == 1 ? "tensor" : "tensors";
            throw new ModelException($"unexpected {tensors} {names}{(left.Length > 3 ? ", …" : "")}: expected {expected}; if the network "
                + $"runs without, remove it from the file: del sd['{Text.OneLine(left[0])}']");
        }
    }

    /// <summary>A member's number as PyTorch writes it, or -1.</summary>
    private static int Index(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n < 100_000 && text == $"{n}" ? n : -1;

    private WeightEntry RequireReal(string name)
    {
        WeightEntry entry = Find(name) ?? throw Missing(name);
        return entry.IsReal
            ? entry
            : throw new ModelException($"tensor '{name}' holds {entry.Type}, expected float32, float16, bfloat16 or float64: "
                + $"{(entry.Type.StartsWith("complex", StringComparison.Ordinal) ? "no network of this kind" : "its scale is not known")}; "
                + "dequantize the model (.dequantize(), or w.float() * scale) and save it as float32");
    }

    private static ModelException Missing(string name) =>
        new($"tensor '{Text.OneLine(name)}' is missing; save the whole model.state_dict()");

    private static string Sizes(WeightEntry entry) => $"[{string.Join(',', entry.Shape)}]";
}
