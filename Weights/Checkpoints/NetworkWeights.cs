using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Formats;

namespace Interp.Weights.Checkpoints;

/// <summary>
/// The weights of one network out of all that a file holds, under the names that the network's modules have; the same for every file
/// format. Wrappers' names are removed, weights that are stored in parts are put together, what belongs to the training is left out, and
/// each such step is said in one line.
/// </summary>
internal sealed class NetworkWeights : WeightSource
{
    private readonly WeightSource _file;
    private readonly Dictionary<string, SourceTensor> _tensors;
    private readonly List<string> _assumptions = [];

    /// <summary>Looks through an open file.</summary>
    /// <param name="file">Stays open, and belongs to the caller.</param>
    /// <param name="key">The name below which the weights lie (<c>ema</c>, <c>state_dict.model</c>), or null to find it.</param>
    /// <param name="preprocessing">What to do with images where the file does not say.</param>
    /// <exception cref="InputException">There is nothing below the key.</exception>
    /// <exception cref="ModelException">Which network is meant cannot be told, or how its weights are stored.</exception>
    internal NetworkWeights(WeightSource file, string? key, Preprocessing preprocessing)
    {
        _file = file;
        List<SourceTensor> all = [.. file.Entries.Where(e => !IsCounter(e.Name)).Select(e => new FileTensor(e, e))];
        var wrappers = new WrapperNames(all, _assumptions.Add);
        all = Reparametrization.Merge(wrappers.Remove(all), _assumptions.Add);
        (List<SourceTensor> inside, List<SourceTensor> beside, string parent) = NetworkFinder.Find(all, key, _assumptions.Add);
        Modules = file.Modules?.Renamed(path => Below(wrappers.Remove(path + "."), parent));
        if (Modules?.Root is { } root)
        {
            _assumptions.Add($"a whole module of class {Text.OneLine(root.Class)}: its weights are read, its code is not run");
        }

        Preprocessing = NormalizationBuffers.Take(file, preprocessing, _assumptions.Add, inside, beside);
        if (beside.Count > 0)
        {
            string some = string.Join(", ", beside.Take(4).Select(t => $"'{Text.OneLine(t.Name)}'"));
            _assumptions.Add($"{some}{(beside.Count > 4 ? $" and {beside.Count - 4} more tensors" : "")} are no part of the network and "
                + "are left out");
        }

        Entries = [.. inside.Select(t => t.Entry)];
        _tensors = inside.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override string Path => _file.Path;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>The network's modules under the names that it knows, its own under the empty one; null where the file has tensors alone.
    /// </summary>
    internal override ModuleTree? Modules { get; }

    /// <summary>The preprocessing, with the file's own mean and deviation if it holds them.</summary>
    internal Preprocessing Preprocessing { get; }

    /// <summary>What was assumed, one line each.</summary>
    internal IReadOnlyList<string> Assumptions => _assumptions;

    /// <inheritdoc/>
    public override void Read(WeightEntry entry, long first, Span<double> destination) =>
        _tensors[entry.Name].Read(_file, first, destination);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>A module's path from the network's module on, or null if it lies elsewhere. The others end with dots.</summary>
    private static string? Below(string path, string parent) =>
        path == "." && parent.Length == 0 ? ""
        : path.StartsWith(parent, StringComparison.Ordinal) ? path[parent.Length..].TrimEnd('.')
        : null;

    /// <summary>PyTorch's counters of training steps and of averaged models, which no network needs to run.</summary>
    private static bool IsCounter(string name) =>
        NameParts.EndsWith(name, "n_averaged") || NameParts.EndsWith(name, "num_batches_tracked");
}
