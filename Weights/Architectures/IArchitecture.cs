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
    /// <exception cref="InputException">An option does not fit the network.</exception>
    ModelPlan Plan(IReadOnlyList<WeightEntry> entries, PlanOptions options);
}

/// <summary>Every architecture that can be inferred.</summary>
internal static class ArchitectureCatalog
{
    /// <summary>All families; a new one is one file and one line here. The first that matches is taken.</summary>
    internal static Catalog<IArchitecture> All { get; } = new("architecture", a => a.Name, new VggArchitecture());

    /// <summary>Whether a state dict looks like that of a known network.</summary>
    internal static bool Knows(IReadOnlyList<WeightEntry> entries) => All.Any(a => a.Matches(entries));

    /// <summary>The network that a state dict belongs to.</summary>
    /// <exception cref="ModelException">No family matches, or the one that does cannot be completed.</exception>
    internal static ModelPlan Plan(IReadOnlyList<WeightEntry> entries, PlanOptions? options = null) =>
        All.FirstOrDefault(a => a.Matches(entries))?.Plan(entries, options ?? new PlanOptions())
            ?? throw new ModelException(Unknown(entries));

    private static string Unknown(IReadOnlyList<WeightEntry> entries)
    {
        if (entries.Count == 0)
        {
            return $"holds no tensors; {StateDict.SaveAgain}";
        }

        string some = string.Join(", ", entries.Take(3).Select(e => Text.OneLine(e.Name))) + (entries.Count > 3 ? ", …" : "");
        if (entries.All(e => e.Name is [>= '0' and <= '9', ..]))
        {
            return $"its tensors have numbers for names ({some}), as a Sequential alone has; if they are a network's convolutions, save "
                + "the whole model's "
                + "state_dict(), or rename them: {'features.' + k: v for k, v in sd.items()}, with the linear layers as classifier.N";
        }

        return $"no known architecture has tensors named {some}; known are {string.Join(", ", All.Names)} (features.N.weight, "
            + "classifier.N.weight); rename them so, or, if such a network is one part of the file, say which with option 'weights'";
    }
}
