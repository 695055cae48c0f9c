using Interp.Engine.Common;
using Interp.Weights.Architectures;
using Interp.Weights.Formats;

namespace Interp.Weights.Checkpoints;

/// <summary>
/// Finds the network among the tensors of a file: the name below which tensors look like those of a known architecture. A checkpoint's
/// state dicts and a module's parts are one to it: <c>state_dict.model</c>. Of several networks the first in <see cref="Order"/> is taken,
/// compared part by part of the name, unless the user names one; two that are equal in that order must be chosen from.
/// </summary>
internal static class NetworkFinder
{
    private const int MaxDepth = 8;

    /// <summary>The weights as trained before their averages, networks before their teachers.</summary>
    private static readonly string[] Order =
    [
        "state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights", "params", "module", "student", "backbone",
            "encoder",
        "state_dict_ema", "model_ema", "ema_state_dict", "ema_model", "ema", "params_ema", "swa_model", "averaged_model", "teacher",
    ];

    /// <summary>Parts of a file that belong to the training.</summary>
    private static readonly string[] Training =
        ["loss", "criterion", "metric", "accuracy", "auroc", "confusion", "precision", "recall", "optim", "sched", "scaler", "_acc",
            "rng_state"];

    /// <summary>
    /// The tensors of the network under the names that it knows, those beside it, under their whole names, and what stands before the
    /// network's names, with its dot.
    /// </summary>
    /// <exception cref="InputException">There is nothing below the key.</exception>
    /// <exception cref="ModelException">Which network, or what of it, is meant cannot be told.</exception>
    internal static (List<SourceTensor> Inside, List<SourceTensor> Beside, string Parent) Find(List<SourceTensor> tensors, string? key,
        Action<string> assume)
    {
        string[] networks = Networks(tensors);
        if (networks.Length == 0 && key is null)
        {
            return (tensors, [], "");
        }

        string chosen = key is null ? First(networks) : Chosen(tensors, networks, key);
        string[] owners = [.. networks.Append(chosen).Distinct().OrderByDescending(n => n.Length)];
        var inside = new List<SourceTensor>();
        var beside = new List<SourceTensor>();
        foreach (SourceTensor tensor in tensors)
        {
            string? owner = owners.FirstOrDefault(o => Below(tensor.Name, o));
            if (owner == chosen && !IsTraining(tensor.Name[chosen.Length..], parts: 1))
            {
                inside.Add(tensor with { Entry = Relative(tensor.Entry, chosen) });
            }
            else if (owner is null || owner == chosen)
            {
                beside.Add(tensor);
            }
        }

        if (key is null && beside.FirstOrDefault(t => t.Entry.Shape.Length >= 2 && t.Entry.IsReal
            && !IsTraining(t.Name, MaxDepth)) is { } part)
        {
            throw new ModelException($"tensor '{Text.OneLine(part.Name)}' [{string.Join(',', part.Entry.Shape)}] stands beside the "
                + $"network below '{Shown(chosen)}' "
                + $"and may belong to it; if it does not, option 'weights' {Shown(chosen)} takes the network alone");
        }

        string[] others = [.. networks.Where(n => n != chosen)];
        if (key is null && chosen.Length + others.Length > 0)
        {
            string more = others.Length == 0 ? ""
                : $"; the file also holds {string.Join(", ", others.Take(4).Select(o => $"'{Shown(o)}'"))}: "
                + $"option 'weights' {Shown(others[0])} takes that";
            assume($"the weights are those {(chosen.Length == 0 ? "at the file's top" : $"below '{Shown(chosen)}'")}{more}");
        }

        return (inside, beside, chosen);
    }

    /// <summary>The names below which a network lies, each with its dot, the empty one first.</summary>
    private static string[] Networks(List<SourceTensor> tensors)
    {
        var below = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < tensors.Count; i++)
        {
            foreach ((string parent, _) in NameParts.Of(tensors[i].Name).Take(MaxDepth))
            {
                if (!below.TryGetValue(parent, out List<int>? list))
                {
                    below.Add(parent, list = []);
                }

                list.Add(i);
            }
        }

        IEnumerable<string> networks = below.Where(p =>
            ArchitectureCatalog.Knows([.. p.Value.Select(i => Relative(tensors[i].Entry, p.Key))])).Select(p => p.Key);
        return [.. networks.Order(StringComparer.Ordinal)];
    }

    private static WeightEntry Relative(WeightEntry entry, string parent) => parent.Length == 0 ? entry
        : entry with { Name = entry.Name[parent.Length..] };

    private static string First(string[] networks)
    {
        string[] sorted = [.. networks.Order(Comparer<string>.Create((a, b) => Compare(Ranks(a), Ranks(b))))];
        return sorted.Length == 1 || Compare(Ranks(sorted[0]), Ranks(sorted[1])) < 0
            ? sorted[0]
            : throw new ModelException($"holds several networks: {string.Join(", ", sorted.Take(8).Select(n => $"'{Shown(n)}'"))}; say "
                + $"which, such as option 'weights' {Shown(sorted[0])}");
    }

    private static string Chosen(List<SourceTensor> tensors, string[] networks, string key)
    {
        string wanted = key.TrimEnd('.') + ".";
        string[] matching = [.. networks.Where(n => n.StartsWith(wanted, StringComparison.Ordinal))];
        if (matching.Length > 0)
        {
            return First(matching);
        }

        string[] known = networks.Length > 0 ? [.. networks.Where(n => n.Length > 0).Select(Shown)]
            : [.. tensors.Select(t => NameParts.Of(t.Name).First().Part.TrimEnd('.')).Distinct()];
        return tensors.Any(t => Below(t.Name, wanted))
            ? wanted
            : throw new InputException(
            $"option 'weights' {Text.OneLine(key)}: no tensor's name starts with '{Text.OneLine(wanted)}'; expected "
                + (known.Length == 0 ? "no option 'weights': the file holds one state dict" : $"one of "
                    + $"{string.Join(", ", known.Take(8).Select(Text.OneLine))}"));
    }

    private static int[] Ranks(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(p => Array.IndexOf(Order, p)).Select(r => r < 0 ? Order.Length
            : r)];

    private static int Compare(int[] a, int[] b) => a.AsSpan().SequenceCompareTo(b);

    private static bool Below(string name, string parent) => name.StartsWith(parent, StringComparison.Ordinal);

    /// <summary>Whether one of the first parts of a name, the last part of all aside, is a training's.</summary>
    private static bool IsTraining(string name, int parts) => NameParts.Of(name).Take(parts)
        .Any(p => p.Part.EndsWith('.') && Training.Any(t => p.Part.Contains(t, StringComparison.OrdinalIgnoreCase)));

    private static string Shown(string parent) => Text.OneLine(parent.TrimEnd('.'));
}
