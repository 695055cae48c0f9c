using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Architectures;

/// <summary>
/// Networks laid out as torchvision's VGG (Simonyan and Zisserman 2015), of any width, depth and number of classes:
/// <c>features</c> = blocks of convolution, optional batch norm and ReLU, some followed by a 2×2 max-pool, the last one always;
/// <c>avgpool</c> = adaptive average pool; <c>classifier</c> = linear layers with ReLU and dropout between them.
/// Layers without parameters leave gaps in the numbering, and the gaps tell where they are.
/// </summary>
internal sealed class VggArchitecture : IArchitecture
{
    private const string Features = "features";
    private const string Classifier = "classifier";
    private const string Expected = "convolutions features.N, batch norms right after them, and linear layers classifier.N";

    /// <inheritdoc/>
    public string Name => "vgg";

    /// <inheritdoc/>
    public bool Matches(IReadOnlyList<WeightEntry> entries) => new StateDict(entries).Indices(Features, "weight").Length > 0;

    /// <inheritdoc/>
    public ModelPlan Plan(IReadOnlyList<WeightEntry> entries)
    {
        var dict = new StateDict(entries);
        var plan = new ModelPlan(channels: 3);
        int channels = AddFeatures(dict, plan);
        AddClassifier(dict, plan, channels);
        dict.RequireAllUsed(Expected);
        return plan;
    }

    private static int AddFeatures(StateDict dict, ModelPlan plan)
    {
        int[] convolutions = [.. dict.Indices(Features, "weight").Where(i => dict.Rank($"{Features}.{i}.weight") != 1)];
        if (convolutions is not [0, ..])
        {
            throw new ModelException($"tensor '{Features}.0.weight' is missing: the first convolution");
        }

        int channels = 3;
        string before = "the input (RGB)";
        for (int k = 0; k < convolutions.Length; k++)
        {
            int index = convolutions[k];
            channels = AddConvolution(dict, plan, index, channels, before);
            before = $"{Features}.{index}";
            int next = index + 1;
            if (HasBatchNorm(dict, next))
            {
                plan.Then($"{Features}.{next++}", new Identity());
            }

            plan.Then($"{Features}.{next++}", new ReLU());
            bool last = k == convolutions.Length - 1;
            if (!last && convolutions[k + 1] != next && convolutions[k + 1] != next + 1)
            {
                throw new ModelException(
                    $"after {before} the next convolution is expected at {Features}.{next} or, past a pool, at {Features}.{next + 1}; "
                    + $"found {Features}.{convolutions[k + 1]}");
            }

            if (last || convolutions[k + 1] == next + 1)
            {
                plan.Then($"{Features}.{next}", new MaxPool2d(Window.Square(2, stride: 2)));
            }
        }

        return channels;
    }

    private static int AddConvolution(StateDict dict, ModelPlan plan, int index, int channels, string before)
    {
        string name = $"{Features}.{index}";
        (WeightEntry weight, Shape shape) = dict.Require($"{name}.weight", rank: 4);
        if (shape[1] != channels)
        {
            throw new ModelException($"{name}.weight {shape} expects {shape[1]} input channels, but {before} gives {channels}");
        }

        if (shape[2] % 2 == 0 || shape[3] % 2 == 0)
        {
            throw new ModelException($"{name}.weight {shape}: expected an odd kernel, which is padded by half its size");
        }

        int outputs = shape[0];
        var window = new Window(new(shape[2], shape[3]), Size2.Square(1), new(shape[2] / 2, shape[3] / 2), Size2.Square(1));
        var layer = new Conv2d(channels, outputs, window);
        string biasName = $"{name}.bias";
        bool normalised = HasBatchNorm(dict, index + 1);
        WeightEntry? bias = dict.Has(biasName) || !normalised ? dict.RequireVector(biasName, outputs) : null;
        if (normalised)
        {
            BatchNormFold fold = BatchNorm(dict, index + 1, outputs);
            plan.Then(name, layer, fold.Weight(weight, shape), fold.Bias(biasName, bias, new Shape(outputs)));
        }
        else
        {
            plan.Then(name, layer, new StoredTensor(weight, shape), new StoredTensor(bias!, new Shape(outputs)));
        }

        return outputs;
    }

    private static bool HasBatchNorm(StateDict dict, int index) => dict.Rank($"{Features}.{index}.weight") == 1
        || dict.Has($"{Features}.{index}.running_mean") || dict.Has($"{Features}.{index}.running_var");

    private static BatchNormFold BatchNorm(StateDict dict, int index, int channels)
    {
        string name = $"{Features}.{index}";
        bool affine = dict.Has($"{name}.weight") || dict.Has($"{name}.bias");
        return new BatchNormFold(
            dict.RequireVector($"{name}.running_mean", channels),
            dict.RequireVector($"{name}.running_var", channels),
            affine ? dict.RequireVector($"{name}.weight", channels) : null,
            affine ? dict.RequireVector($"{name}.bias", channels) : null);
    }

    private static void AddClassifier(StateDict dict, ModelPlan plan, int channels)
    {
        int[] linears = dict.Indices(Classifier, "weight");
        if (dict.Has($"{Classifier}.weight"))
        {
            int features = AddPool(dict, plan, Classifier, channels);
            AddLinear(dict, plan, Classifier, features, "flatten");
            return;
        }

        // A lone linear layer keeps whatever number it has: what stood before it has no parameters and changes nothing that can be known.
        if (linears.Length == 0 || (linears.Length > 1 && linears[0] != 0))
        {
            throw new ModelException($"tensor '{Classifier}.0.weight' is missing: the first linear layer");
        }

        int width = AddPool(dict, plan, $"{Classifier}.{linears[0]}", channels);
        string before = "flatten";
        for (int k = 0; k < linears.Length; k++)
        {
            int index = linears[k];
            string name = $"{Classifier}.{index}";
            width = AddLinear(dict, plan, name, width, before);
            before = name;
            if (k + 1 < linears.Length)
            {
                AddBetween(plan, index, linears[k + 1]);
            }
        }
    }

    private static void AddBetween(ModelPlan plan, int index, int next)
    {
        if (next - index is not (2 or 3))
        {
            throw new ModelException(
                $"after {Classifier}.{index} the next linear layer is expected at {Classifier}.{index + 3} (past ReLU and dropout) "
                + $"or {Classifier}.{index + 2} (past ReLU); found {Classifier}.{next}");
        }

        plan.Then($"{Classifier}.{index + 1}", new ReLU());
        if (next - index == 3)
        {
            plan.Then($"{Classifier}.{index + 2}", new Dropout());
        }
    }

    /// <summary>The first linear layer takes C·s² features, which gives the size s of the average pool.</summary>
    private static int AddPool(StateDict dict, ModelPlan plan, string first, int channels)
    {
        (_, Shape shape) = dict.Require($"{first}.weight", rank: 2);
        int features = shape[1];
        int size = (int)Math.Round(Math.Sqrt(features / (double)channels));
        if ((long)size * size * channels != features || size == 0)
        {
            throw new ModelException($"{first}.weight {shape} takes {features} features, expected {channels} channels times a square");
        }

        plan.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(size))).Then("flatten", new Flatten());
        return features;
    }

    private static int AddLinear(StateDict dict, ModelPlan plan, string name, int features, string before)
    {
        (WeightEntry weight, Shape shape) = dict.Require($"{name}.weight", rank: 2);
        if (shape[1] != features)
        {
            throw new ModelException($"{name}.weight {shape} expects {shape[1]} input features, but {before} gives {features}");
        }

        WeightEntry bias = dict.RequireVector($"{name}.bias", shape[0]);
        plan.Then(name, new Linear(features, shape[0]), new StoredTensor(weight, shape), new StoredTensor(bias, new Shape(shape[0])));
        return shape[0];
    }
}
