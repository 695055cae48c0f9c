using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// Networks laid out as torchvision's VGG (Simonyan and Zisserman 2015), of any width, depth and number of classes:
/// <c>features</c> = blocks of convolution, optional batch norm and ReLU, some followed by a 2×2 max-pool;
/// <c>avgpool</c> = adaptive average pool; <c>classifier</c> = linear layers with ReLU and dropout between them.
/// Layers without parameters leave gaps in the numbering, and the gaps tell where they are.
/// </summary>
internal sealed class VggArchitecture : IArchitecture
{
    private const string Features = "features";
    private const string Expected = "convolutions features.N, batch norms right after them, and linear layers classifier.N";

    /// <summary>A larger kernel is AlexNet's, whose strides no state dict holds.</summary>
    private const int LargestKernel = 7;

    /// <inheritdoc/>
    public string Name => "vgg";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Indices(Features, "weight").Length > 0
        && dict.Names.All(n => !n.StartsWith($"{Features}.", StringComparison.Ordinal) || n.Count(c => c == '.') == 2)
        && !AlexNetArchitecture.IsStem(dict);

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        VggBlock[] blocks = Blocks(dict);
        bool grey = dict.Require($"{Features}.0.weight", rank: 4).Shape[1] == 1;
        var plan = new ModelPlan(channels: grey ? 1 : 3);
        Sides input = options.Side(this);
        VggPools pools = VggPools.Of(blocks, options, input);
        AddFeatures(dict, plan, blocks, pools);
        new VggHead(dict, plan, blocks[^1].Width, pools.MapSides(input), input).Add();
        dict.RequireAllUsed(Expected);
        return plan;
    }

    private static VggBlock[] Blocks(StateDict dict)
    {
        int[] convolutions = [.. dict.Indices(Features, "weight").Where(i => dict.Rank($"{Features}.{i}.weight") != 1)];
        if (convolutions is not [0, ..])
        {
            throw new ModelException($"tensor '{Features}.0.weight' is missing: the first convolution; save the whole model.state_dict()");
        }

        var blocks = new VggBlock[convolutions.Length];
        for (int k = 0; k < blocks.Length; k++)
        {
            int index = convolutions[k];
            (_, Shape shape) = dict.Require($"{Features}.{index}.weight", rank: 4);
            blocks[k] = new VggBlock(index, shape[0], dict.IsBatchNorm($"{Features}.{index + 1}"), k + 1 < blocks.Length
                ? convolutions[k + 1] : null);
        }

        return blocks;
    }

    private static void AddFeatures(StateDict dict, ModelPlan plan, VggBlock[] blocks, VggPools pools)
    {
        bool noBias = !blocks.Any(b => !b.BatchNorm && dict.Has($"{Features}.{b.Index}.bias"));
        int channels = plan.Channels;
        string before = "input";
        for (int k = 0; k < blocks.Length; k++)
        {
            VggBlock block = blocks[k];
            AddConvolution(dict, plan, block, channels, before, noBias);
            channels = block.Width;
            before = $"{Features}.{block.Index}";
            if (block.BatchNorm)
            {
                plan.Then($"{Features}.{block.Index + 1}", new Identity());
            }

            bool rectified = false;
            for (int i = block.Free; i < pools.EndOf(k); i++)
            {
                bool pool = i == pools.After[k];
                plan.Then($"{Features}.{i}", pool ? new MaxPool2d(Window.Square(2, stride: 2)) : rectified ? new Dropout() : new ReLU());
                rectified |= !pool;
            }
        }

        if (blocks.Any(b => b.BatchNorm))
        {
            plan.Assume(dict.EpsilonAssumption());
        }

        if (noBias && blocks.Any(b => !b.BatchNorm))
        {
            plan.Assume("the convolutions have no bias");
        }

        plan.Assume(pools.Assumption);
    }

    private static void AddConvolution(StateDict dict, ModelPlan plan, VggBlock block, int channels, string before, bool noBias)
    {
        string name = $"{Features}.{block.Index}";
        (WeightEntry weight, Shape shape) = dict.Require($"{name}.weight", rank: 4);
        if (shape[1] != channels)
        {
            throw Plans.Blocks.WrongChannels(name, shape, before, channels);
        }

        if (shape[2] % 2 == 0 || shape[3] % 2 == 0)
        {
            throw new ModelException($"{name}.weight {shape}: expected an odd kernel, which is padded by half its size; only such VGGs "
                + "can be read");
        }

        if (Math.Max(shape[2], shape[3]) > LargestKernel)
        {
            throw new ModelException($"{name}.weight {shape}: expected a kernel of at most {LargestKernel}x{LargestKernel}; this is no "
                + "VGG but perhaps an AlexNet, whose strides the file does not hold; convert a VGG");
        }

        if (shape[2] != 3 || shape[3] != 3)
        {
            plan.Assume($"{name} ({shape[2]}x{shape[3]}) has stride 1 and is padded by half its size");
        }

        var window = new Window(new(shape[2], shape[3]), Size2.Square(1), new(shape[2] / 2, shape[3] / 2), Size2.Square(1));
        var layer = new Conv2d(channels, block.Width, window);
        TensorRecipe stored = new CopiedTensor(weight, shape);
        TensorRecipe bias = dict.Bias(name, block.Width, noBias || block.BatchNorm);
        if (block.BatchNorm)
        {
            BatchNormFold fold = dict.BatchNorm($"{Features}.{block.Index + 1}", block.Width);
            (stored, bias) = (fold.Weight(stored), fold.Bias(bias));
        }

        plan.Then(name, layer, stored, bias);
    }
}
