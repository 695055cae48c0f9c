namespace Interp.Weights.Checkpoints;

/// <summary>
/// Removes what wrappers put into the names of all tensors below them: <c>module.</c> of DataParallel and AveragedModel, <c>_orig_mod.</c>
/// of torch.compile, and the like, at the start (<c>module.features.0.weight</c>) and in the middle (<c>features.module.0.weight</c>). A
/// name is a wrapper's only where it is the one thing below its parent.
/// </summary>
internal static class WrapperNames
{
    private static readonly string[] Words = ["module.", "_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."];

    /// <summary>The same tensors under their names without wrappers; says what was removed.</summary>
    internal static List<SourceTensor> Remove(List<SourceTensor> tensors, Action<string> assume)
    {
        // What stands below each parent that has a wrapper's name below it; null where other things do too.
        var below = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string parent, string part) in tensors.SelectMany(t => NameParts.Of(t.Name)).Where(p => Words.Contains(p.Part)))
        {
            below.TryAdd(parent, part);
        }

        foreach ((string parent, string part) in below.Count == 0 ? [] : tensors.SelectMany(t => NameParts.Of(t.Name)))
        {
            if (below.TryGetValue(parent, out string? word) && word != part)
            {
                below[parent] = null;
            }
        }

        (string Parent, string Word)[] removed = [.. below.Where(p => p.Value is not null).Select(p => (p.Key, p.Value!))];
        foreach (IGrouping<string, string> word in removed.GroupBy(r => r.Word, r => r.Parent))
        {
            string where = string.Join(", ",
                word.Take(3).Select(p => p.Length == 0 ? "in front of the names" : $"behind '{Text.OneLine(p)}'"));
            string more = word.Count() > 3 ? $" and in {word.Count() - 3} more places" : "";
            assume($"'{word.Key}' {where}{more} is a wrapper's and is left out");
        }

        return removed.Length == 0 ? tensors : [.. tensors.Select(t => Without(t, below))];
    }

    private static SourceTensor Without(SourceTensor tensor, Dictionary<string, string?> below)
    {
        string name = string.Concat(NameParts.Of(tensor.Name).Where(p => below.GetValueOrDefault(p.Parent) != p.Part).Select(p => p.Part));
        return tensor with { Entry = tensor.Entry with { Name = name } };
    }
}
