namespace Interp.Weights.Checkpoints;

/// <summary>
/// Removes what wrappers put into the names of all tensors below them: <c>module.</c> of DataParallel and AveragedModel, <c>_orig_mod.</c>
/// of torch.compile, and the like, at the start (<c>module.features.0.weight</c>) and in the middle (<c>features.module.0.weight</c>). A
/// name is a wrapper's only where it is the one thing below its parent.
/// </summary>
internal sealed class WrapperNames
{
    private static readonly string[] Words = ["module.", "_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."];

    /// <summary>What stands below each parent that has a wrapper's name below it; null where other things do too.</summary>
    private readonly Dictionary<string, string?> _below = new(StringComparer.Ordinal);

    /// <summary>Finds the wrappers' names in those of all tensors; says which are removed.</summary>
    internal WrapperNames(List<SourceTensor> tensors, Action<string> assume)
    {
        foreach ((string parent, string part) in tensors.SelectMany(t => NameParts.Of(t.Name)).Where(p => Words.Contains(p.Part)))
        {
            _below.TryAdd(parent, part);
        }

        foreach ((string parent, string part) in _below.Count == 0 ? [] : tensors.SelectMany(t => NameParts.Of(t.Name)))
        {
            if (_below.TryGetValue(parent, out string? word) && word != part)
            {
                _below[parent] = null;
            }
        }

        (string Parent, string Word)[] removed = [.. _below.Where(p => p.Value is not null).Select(p => (p.Key, p.Value!))];
        foreach (IGrouping<string, string> word in removed.GroupBy(r => r.Word, r => r.Parent))
        {
            string where = string.Join(", ",
                word.Take(3).Select(p => p.Length == 0 ? "in front of the names" : $"behind '{Text.OneLine(p)}'"));
            string more = word.Count() > 3 ? $" and in {word.Count() - 3} more places" : "";
            assume($"'{word.Key}' {where}{more} is a wrapper's and is left out");
        }
    }

    /// <summary>The same tensors under their names without wrappers.</summary>
    internal List<SourceTensor> Remove(List<SourceTensor> tensors) =>
        [.. tensors.Select(t => t with { Entry = t.Entry with { Name = Remove(t.Name) } })];

    /// <summary>A tensor's name, or a module's path with a dot behind it, without wrappers.</summary>
    internal string Remove(string name) => _below.Count == 0 ? name
        : string.Concat(NameParts.Of(name).Where(p => _below.GetValueOrDefault(p.Parent) != p.Part).Select(p => p.Part));
}
