using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>
/// The linear layers that turn features into logits: one (<c>fc</c>), or a Sequential (<c>classifier.1</c>, <c>classifier.4</c>, …) whose
/// layers without parameters leave gaps in the numbering: an activation between two linear layers, and behind it a dropout; also batch
/// norms, which are merged in. A head that a user put in its place is read in the same way.
/// </summary>
/// <param name="dict">The state dict.</param>
/// <param name="plan">The network up to the features.</param>
/// <param name="name">The head's name, <c>fc</c> or <c>classifier</c>.</param>
/// <param name="activation">What stands between two linear layers; a ReLU if not given.</param>
internal sealed class LinearHead(StateDict dict, ModelPlan plan, string name, Layer? activation = null)
{
    /// <summary>Found before anything asks for its tensors, by which it could no longer be the only one left.</summary>
    private string? _first;

    /// <summary>Appends the head to a plan that ends in features.</summary>
    /// <param name="width">Number of features.</param>
    /// <exception cref="ModelException">It is missing, or of a form that is not known.</exception>
    internal void Add(int width)
    {
        if (First() is not { } first)
        {
            throw new ModelException(Missing());
        }

        if (Linears() is [var index, ..] && first == At(index))
        {
            AddSequence(width);
        }
        else
        {
            AddLinear(first, width, plan.Last, NoBias([first]), null, null);
        }
    }

    /// <summary>The first linear layer's name, or null where no head is found.</summary>
    internal string? First() => _first ??= Find();

    private string? Find()
    {
        if (dict.Rank($"{name}.weight") == 2)
        {
            return name;
        }

        if (Linears() is [var index, ..])
        {
            return At(index);
        }

        if (dict.UnusedMatrices() is [var only])
        {
            plan.Assume($"{only} is the classifier: the only linear layer");
            return only;
        }

        return null;
    }

    /// <summary>Appends a linear layer with the batch norms before and after it merged in; returns its outputs.</summary>
    internal int AddLinear(string layer, int features, string before, bool noBias, BatchNormFold? first, BatchNormFold? after)
    {
        int rank = dict.Rank($"{layer}.weight") == 4 ? 4 : 2;
        (WeightEntry weight, Shape shape) = dict.Require($"{layer}.weight", rank);
        if (shape.Count / shape[0] != features)
        {
            throw new ModelException($"{layer}.weight {shape} expects {shape.Count / shape[0]} input features, but {before} gives "
                + $"{features}; {StateDict.SaveAgain}");
        }

        TensorRecipe matrix = new CopiedTensor(weight, new Shape(shape[0], features));
        TensorRecipe bias = dict.Bias(layer, shape[0], noBias);
        if (first is not null)
        {
            (matrix, bias) = (first.NextWeight(matrix), first.NextBias(matrix, bias));
        }

        if (after is not null)
        {
            (matrix, bias) = (after.Weight(matrix), after.Bias(bias));
        }

        if ((first ?? after) is not null)
        {
            plan.Assume(dict.EpsilonAssumption());
        }

        plan.Then(layer, new Linear(features, shape[0]), matrix, bias);
        return shape[0];
    }

    /// <summary>Whether none of these layers has a bias, which is then said.</summary>
    internal bool NoBias(string[] layers)
    {
        bool none = !layers.Any(l => dict.Has($"{l}.bias"));
        if (none)
        {
            plan.Assume(layers.Length == 1 ? $"{layers[0]} has no bias" : "the linear layers have no bias");
        }

        return none;
    }

    private int[] Linears() => [.. dict.Indices(name, "weight").Where(i => dict.Rank($"{At(i)}.weight") == 2)];

    private string Missing()
    {
        string found = dict.UnusedMatrices() is { Length: > 0 } several
            ? $"the linear layers {string.Join(", ", several.Take(4))} are of no known order"
            : "the file holds a backbone alone";
        string like = name == "classifier" ? "named classifier.0, classifier.3, …" : $"named {name}";
        return $"tensor '{(name == "classifier" ? "classifier.0" : name)}.weight' is missing: the first linear layer; {found}; save the "
            + $"state dict of a whole classifier, its linear layers {like} as torchvision does";
    }

    private void AddSequence(int width)
    {
        int[] linears = Linears();
        bool noBias = NoBias([.. linears.Select(At)]);
        string before = plan.Last;
        BatchNormFold? pending = AddBetween(null, linears[0], width);
        for (int k = 0; k < linears.Length; k++)
        {
            int index = linears[k];
            int outputs = dict.Require($"{At(index)}.weight", rank: 2).Shape[0];
            bool normalised = dict.IsBatchNorm(At(index + 1));
            BatchNormFold? after = normalised ? dict.BatchNorm(At(index + 1), outputs) : null;
            width = AddLinear(At(index), width, before, noBias, pending, after);
            before = At(index);
            if (normalised)
            {
                plan.Then(At(index + 1), new Identity());
            }

            pending = k + 1 < linears.Length ? AddBetween(normalised ? index + 1 : index, linears[k + 1], width) : null;
        }

        if (linears.Length > 1)
        {
            plan.Assume($"between {name}'s linear layers is a {Between.Kind}, and where two layers without parameters are, a dropout"
                .Replace("relu", "ReLU", StringComparison.Ordinal));
        }
    }

    private Layer Between => activation ?? new ReLU();

    /// <summary>
    /// Adds what stands between a layer (null: the start) and the next linear layer; returns a batch norm to be merged into that one.
    /// Before the first linear layer a dropout or a flatten may stand, which change nothing.
    /// </summary>
    private BatchNormFold? AddBetween(int? layer, int next, int width)
    {
        int start = layer + 1 ?? 0;
        int[] norms = [.. Enumerable.Range(start, next - start).Where(i => dict.IsBatchNorm(At(i)))];
        int free = next - start - norms.Length;
        if (norms.Length > 1 || (layer is not null && free is not (1 or 2)))
        {
            throw new ModelException(
                $"after {At(layer ?? 0)} the next linear layer is expected at {At((layer ?? 0) + 3)} (past ReLU and dropout) "
                + $"or {At((layer ?? 0) + 2)} (past ReLU); found {At(next)}; only such classifiers can be read");
        }

        bool active = layer is null;
        for (int i = start; i < next; i++)
        {
            if (norms.Contains(i) || layer is not null || free == 1)
            {
                plan.Then(At(i), norms.Contains(i) ? new Identity() : active ? new Dropout() : Between);
                active |= !norms.Contains(i);
            }
        }

        return norms is [var norm] ? dict.BatchNorm(At(norm), width) : null;
    }

    private string At(int index) => $"{name}.{index}";
}
