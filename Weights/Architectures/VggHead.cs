using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Architectures;

/// <summary>
/// What follows a VGG's <c>features</c>: an average pool whose size the first linear layer's width tells, and the linear layers:
/// <c>classifier.N</c> with ReLU, dropout and batch norm between them; timm's <c>pre_logits</c> and <c>head.fc</c>; or a single one of any
/// name.
/// </summary>
/// <param name="dict">The state dict.</param>
/// <param name="plan">The network so far.</param>
/// <param name="channels">Channels of the last maps.</param>
/// <param name="map">Side of the last maps.</param>
/// <param name="inputSize">Side of the input that gives such maps, for messages.</param>
internal sealed class VggHead(StateDict dict, ModelPlan plan, int channels, int map, int inputSize)
{
    private const string Classifier = "classifier";
    private const string TimmFirst = "pre_logits.fc1";

    /// <summary>Appends the head.</summary>
    /// <exception cref="ModelException">It is missing, or of a form that is not known.</exception>
    internal void Add()
    {
        if (dict.Rank($"{TimmFirst}.weight") == 4)
        {
            AddTimm();
        }
        else if (dict.Has($"{Classifier}.weight"))
        {
            AddSingle(Classifier);
        }
        else if (dict.Indices(Classifier, "weight").Length > 0)
        {
            AddSequence();
        }
        else if (dict.Matrices() is [var name])
        {
            plan.Assume($"{name} is the classifier: the only linear layer");
            AddSingle(name);
        }
        else
        {
            string found = dict.Matrices() is { Length: > 0 } several ? $"the linear layers {string.Join(", ", several.Take(4))} are of "
                + "no known order"
                : "the file holds a backbone alone";
            throw new ModelException($"tensor '{Classifier}.0.weight' is missing: the first linear layer; {found}; save the state dict of "
                + $"a whole classifier, its linear layers named {Classifier}.0, {Classifier}.3, … as torchvision does");
        }
    }

    private void AddSingle(string name)
    {
        int features = AddPool(name, rank: 2);
        AddLinear(name, features, "flatten", NoBias([name]), null, null);
    }

    private void AddSequence()
    {
        int[] linears = [.. dict.Indices(Classifier, "weight").Where(i => dict.Rank(At(i, "weight")) != 1)];
        if (linears.Length == 0)
        {
            throw new ModelException($"tensor '{Classifier}.0.weight' is missing: the first linear layer; save the state dict of a whole "
                + "classifier");
        }

        bool noBias = NoBias([.. linears.Select(i => At(i))]);
        int width = AddPool(At(linears[0]), rank: 2);
        string before = "flatten";
        BatchNormFold? pending = AddBetween(null, linears[0], width);
        for (int k = 0; k < linears.Length; k++)
        {
            int index = linears[k];
            int outputs = dict.Require(At(index, "weight"), rank: 2).Shape[0];
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
            plan.Assume($"between {Classifier}'s linear layers is a ReLU, and where two layers without parameters are, a dropout");
        }
    }

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

        bool rectified = layer is null;
        for (int i = start; i < next; i++)
        {
            if (norms.Contains(i) || layer is not null || free == 1)
            {
                plan.Then(At(i), norms.Contains(i) ? new Identity() : rectified ? new Dropout() : new ReLU());
                rectified |= !norms.Contains(i);
            }
        }

        return norms is [var norm] ? dict.BatchNorm(At(norm), width) : null;
    }

    /// <summary>timm's head: the first two linear layers are convolutions over maps that they cover whole.</summary>
    private void AddTimm()
    {
        const string Second = "pre_logits.fc2", Last = "head.fc";
        int kernel = dict.Require($"{TimmFirst}.weight", rank: 4).Shape[2];
        if (map > kernel)
        {
            int fits = inputSize / map * kernel;
            throw new ModelException($"{TimmFirst}.weight is a {kernel}x{kernel} convolution, which would slide over the {map}x{map} maps "
                + "that input size "
                + $"{inputSize} gives; "
                + $"{(fits >= 32 ? $"take option 'input-size' {fits}" : "only one that covers the maps whole can be read")}");
        }

        bool noBias = NoBias([TimmFirst, Second, Last]);
        int width = AddLinear(TimmFirst, AddPool(TimmFirst, rank: 4), "flatten", noBias, null, null);
        plan.Then("pre_logits.act1", new ReLU()).Then("pre_logits.drop", new Dropout());
        width = AddLinear(Second, width, TimmFirst, noBias, null, null);
        plan.Then("pre_logits.act2", new ReLU()).Then("head.drop", new Dropout());
        AddLinear(Last, width, Second, noBias, null, null);
    }

    /// <summary>The first linear layer takes C·s² features, which gives the size s of the average pool.</summary>
    private int AddPool(string first, int rank)
    {
        (_, Shape shape) = dict.Require($"{first}.weight", rank);
        int features = (int)Math.Min(int.MaxValue, shape.Count / shape[0]);
        int size = (int)Math.Round(Math.Sqrt(features / (double)channels));
        if ((long)size * size * channels != features || size == 0)
        {
            throw new ModelException($"{first}.weight {shape} takes {features} features, expected {channels} channels times a square: an "
                + "average pool to s x s maps; only such networks can be read");
        }

        string doubt = size > map
            ? ", which are smaller, so that rows repeat: is option 'input-size' right, and are the pools (option 'pools')?" : "";
        plan.Assume($"an adaptive average pool gives {size}x{size} maps (from {first}'s {features} inputs), at input size {inputSize} of "
            + $"{map}x{map} maps{doubt}");
        plan.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(size))).Then("flatten", new Flatten());
        return features;
    }

    /// <summary>Appends a linear layer with the batch norms before and after it merged in; returns its outputs.</summary>
    private int AddLinear(string name, int features, string before, bool noBias, BatchNormFold? first, BatchNormFold? after)
    {
        int rank = dict.Rank($"{name}.weight") == 4 ? 4 : 2;
        (WeightEntry weight, Shape shape) = dict.Require($"{name}.weight", rank);
        if (shape.Count / shape[0] != features)
        {
            throw new ModelException($"{name}.weight {shape} expects {shape.Count / shape[0]} input features, but {before} gives "
                + $"{features}; "
                + StateDict.SaveAgain);
        }

        TensorRecipe matrix = new StoredTensor(weight, new Shape(shape[0], features));
        TensorRecipe bias = dict.Bias(name, shape[0], noBias);
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
            plan.Assume(BatchNormFold.Assumption);
        }

        plan.Then(name, new Linear(features, shape[0]), matrix, bias);
        return shape[0];
    }

    private bool NoBias(string[] layers)
    {
        bool none = !layers.Any(l => dict.Has($"{l}.bias"));
        if (none)
        {
            plan.Assume(layers.Length == 1 ? $"{layers[0]} has no bias" : "the linear layers have no bias");
        }

        return none;
    }

    private static string At(int index) => $"{Classifier}.{index}";

    private static string At(int index, string field) => $"{Classifier}.{index}.{field}";
}
