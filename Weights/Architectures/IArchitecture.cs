using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.Architectures;

/// <summary>
/// A family of networks whose graph follows from the names and shapes of a state dict. Nothing but names and shapes is looked at, so
/// planning is instant and the data is read once, when it is written.
/// </summary>
internal interface IArchitecture
{
    /// <summary>The family's name: <c>vgg</c>.</summary>
    string Name { get; }

    /// <summary>Whether the state dict looks like this family's, broken or not.</summary>
    bool Matches(IReadOnlyList<WeightEntry> entries);

    /// <summary>The network that a state dict belongs to.</summary>
    /// <exception cref="ModelException">A tensor is missing, unexpected, or of a shape that does not fit; the message names it.</exception>
    ModelPlan Plan(IReadOnlyList<WeightEntry> entries);
}

/// <summary>Every architecture that can be inferred.</summary>
internal static class ArchitectureCatalog
{
    /// <summary>All families; a new one is one file and one line here. The first that matches is taken.</summary>
    internal static Catalog<IArchitecture> All { get; } = new("architecture", a => a.Name, new VggArchitecture());

    /// <summary>The network that a state dict belongs to.</summary>
    /// <exception cref="ModelException">No family matches, or the one that does cannot be completed.</exception>
    internal static ModelPlan Plan(IReadOnlyList<WeightEntry> entries)
    {
        if (All.FirstOrDefault(a => a.Matches(entries)) is { } architecture)
        {
            return architecture.Plan(entries);
        }

        string some = string.Join(", ", entries.Take(3).Select(e => Text.OneLine(e.Name)));
        string more = entries.Count > 3 ? ", …" : "";
        throw new ModelException(entries.Count == 0
            ? "holds no tensors"
            : $"no known architecture has tensors named {some}{more}; known are {string.Join(", ", All.Names)}");
    }
}
