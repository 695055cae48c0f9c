using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>
/// The vocabulary in which families of networks are written: each call adds nodes to a plan, named as torchvision's modules are, and
/// returns the name of the node whose value comes out. Widths, kernels, groups and biases are those of the state dict's tensors; strides
/// and what has no parameters the family knows.
/// </summary>
/// <param name="dict">The state dict.</param>
/// <param name="input">Sides of the input, for which everything must fit together.</param>
/// <param name="epsilon">ε of the batch norms.</param>
/// <param name="same">The rule of convolutions whose padding is not said, or null for half the kernel.</param>
internal sealed class Blocks(
    StateDict dict, Sides input, double epsilon = BatchNormFold.StandardEpsilon, PaddingRule? same = null)
{
    private const string Input = "input";
    private const int Colours = 3;

    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal)
    {
        [Input] = new Shape(1, Colours, input.Height, input.Width),
    };

    /// <summary>What has been added.</summary>
    internal ModelPlan Plan { get; } = new(Colours);

    /// <summary>Whether the family has convolutions with groups, so that one with few input channels is taken for such.</summary>
    internal bool Grouped { get; init; } = true;

    /// <summary>The state dict.</summary>
    internal StateDict Dict => dict;

    /// <summary>Channels, or features, of a node's output.</summary>
    internal int Channels(string node) => _shapes[node][1];

    /// <summary>The shape of a node's output for one image.</summary>
    internal Shape ShapeOf(string node) => _shapes[node];

    /// <summary>A node without parameters.</summary>
    internal string Add(string name, Layer layer, params ReadOnlySpan<string> inputs) => Add(name, layer, [], inputs);

    /// <summary>A node with parameters.</summary>
    internal string Add(string name, Layer layer, ReadOnlySpan<TensorRecipe> tensors, params ReadOnlySpan<string> inputs)
    {
        Shape[] shapes = new Shape[inputs.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = _shapes[inputs[i]];
        }

        try
        {
            _shapes[name] = layer.Infer(shapes);
        }
        catch (ModelException e)
        {
            throw new ModelException($"layer '{name}', input size {input}: {e.Message}", e);
        }

        Plan.Add(name, layer, [.. inputs], tensors);
        return name;
    }

    /// <summary>
    /// A convolution of weight <c>name.weight</c>, with the batch norm <paramref name="norm"/> merged into it if one is named (which
    /// remains as an identity). Depthwise and grouped where the weight has fewer input channels than there are, and more than one tap; of
    /// the first convolution one channel means a network for grey images.
    /// </summary>
    /// <param name="name">The convolution's name.</param>
    /// <param name="from">What it reads.</param>
    /// <param name="stride">Its stride.</param>
    /// <param name="norm">The batch norm behind it.</param>
    /// <param name="padding">Its padding, or null for the family's rule.</param>
    /// <param name="normNode">The batch norm's node, where it is not called as the batch norm is.</param>
    internal string Conv(
        string name, string from, int stride = 1, string? norm = null, int? padding = null, string? normNode = null)
    {
        (WeightEntry weight, Shape shape) = dict.Require($"{name}.weight", rank: 4);
        if (from == Input && shape[1] == 1 && Plan.Nodes.Count == 1)
        {
            Plan.TakeGrey();
            _shapes[Input] = new Shape(1, 1, input.Height, input.Width);
        }

        int channels = Channels(from);
        int groups = channels / shape[1];
        if (groups * shape[1] != channels || shape[0] % groups != 0 || (groups > 1 && (!Grouped || from == Input || shape[2] == 1)))
        {
            throw WrongChannels(name, shape, from, channels);
        }

        PaddingRule? rule = padding is null && Math.Max(shape[2], shape[3]) > 1 ? same : null;
        Size2 pad = padding is { } p ? Size2.Square(p) : rule is null ? new(shape[2] / 2, shape[3] / 2) : default;
        var window = new Window(new(shape[2], shape[3]), Size2.Square(stride), pad, Size2.Square(1)) { PaddingRule = rule };
        bool bias = norm is not null || dict.Has($"{name}.bias");
        var layer = new Conv2d(channels, shape[0], window, groups, bias);
        (TensorRecipe w, TensorRecipe? b) = (new CopiedTensor(weight, shape), bias ? dict.Bias(name, shape[0], none: true) : null);
        if (norm is not null && dict.IsBatchNorm(norm))
        {
            BatchNormFold fold = dict.BatchNorm(norm, shape[0], epsilon);
            (w, b) = (fold.Weight(w), fold.Bias(b!));
            Plan.Assume(dict.EpsilonAssumption(epsilon));
        }
        else if (norm is not null)
        {
            dict.Require($"{name}.bias", rank: 1); // A batch norm that was merged in before leaves a bias.
            Plan.Assume($"batch norms that the file does not hold, such as {norm}, are merged into their convolutions already");
        }

        Add(name, layer, b is null ? [w] : [w, b], from);
        return norm is null ? name : Add(normNode ?? norm, new Identity(), name);
    }

    /// <summary>A convolution's number of input channels is not what it reads, with what to do about it.</summary>
    internal static ModelException WrongChannels(string name, Shape shape, string from, int channels)
    {
        bool stem = from == Input;
        string weight = $"{name}.weight";
        string advice = (stem, shape[1]) switch
        {
            (true, > 3) => $"only RGB and grey images can be explained; the part of the network that sees them is w = sd['{weight}']; "
                + $"sd['{weight}'] = w[:, :3], where colours are the first three channels",
            (true, _) => "only networks for RGB and for grey images can be read",
            _ => $"the convolutions must follow each other; {StateDict.SaveAgain}",
        };
        return new ModelException(
            $"{weight} {shape} expects {shape[1]} input channels, but {(stem ? "the input (RGB)" : from)} gives {channels}; {advice}");
    }

    /// <summary>Convolution, batch norm and activation as members 0, 1 and 2 of a Sequential; without the last where none is
    /// given.</summary>
    internal string ConvNorm(string prefix, string from, Layer? activation = null, int stride = 1)
    {
        string norm = Conv($"{prefix}.0", from, stride, $"{prefix}.1");
        return activation is null ? norm : Add($"{prefix}.2", activation, norm);
    }

    /// <summary>A linear layer of weight <c>name.weight</c>: over features, or as a 1x1 convolution over maps.</summary>
    internal string Linear(string name, string from)
    {
        (WeightEntry weight, Shape shape) = dict.Require($"{name}.weight", rank: 2);
        if (shape[1] != Channels(from))
        {
            throw new ModelException($"{name}.weight {shape} expects {shape[1]} input features, but {from} gives {Channels(from)}; "
                + StateDict.SaveAgain);
        }

        bool bias = dict.Has($"{name}.bias"), maps = _shapes[from].Rank == 4;
        TensorRecipe w = new CopiedTensor(weight, maps ? new Shape(shape[0], shape[1], 1, 1) : shape);
        Layer layer = maps ? new Conv2d(shape[1], shape[0], Window.Square(1), Bias: bias) : new Linear(shape[1], shape[0], bias);
        return Add(name, layer, bias ? [w, dict.Bias(name, shape[0], none: false)] : [w], from);
    }

    /// <summary>A batch norm that no convolution can take in: a scale and a shift for each channel.</summary>
    internal string Norm(string name, string from)
    {
        int channels = Channels(from);
        BatchNormFold norm = dict.BatchNorm(name, channels, epsilon);
        Plan.Assume(dict.EpsilonAssumption(epsilon));
        return Add(name, new ChannelAffine(channels), [norm.Scale($"{name}.weight"), norm.Shift($"{name}.bias")], from);
    }

    /// <summary>A layer norm over the channels.</summary>
    internal string LayerNorm(string name, string from, double normEpsilon)
    {
        int channels = Channels(from);
        var shape = new Shape(channels);
        TensorRecipe gamma = new CopiedTensor(dict.RequireVector($"{name}.weight", channels), shape);
        TensorRecipe beta = new CopiedTensor(dict.RequireVector($"{name}.bias", channels), shape);
        return Add(name, new LayerNorm(channels, normEpsilon), [gamma, beta], from);
    }

    /// <summary>Squeeze and excitation: x·g(expand(f(reduce(mean of x)))).</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="from">x.</param>
    /// <param name="activation">f.</param>
    /// <param name="gate">g.</param>
    /// <param name="names">The names of its members; null for torchvision's.</param>
    internal string SqueezeExcite(
        string name, string from, Layer activation, ActivationFunction gate, SqueezeNames? names = null)
    {
        names ??= SqueezeNames.Torchvision;
        string mean = Add($"{name}.{names.Mean}", new AdaptiveAvgPool2d(Size2.Square(1)), from);
        string squeezed = Add($"{name}.{names.Activation}", activation, Conv($"{name}.{names.Reduce}", mean));
        string excited = Add($"{name}.{names.Gate}", Activation.Of(gate), Conv($"{name}.{names.Expand}", squeezed));
        return Add($"{name}.mul", new Multiply(), from, excited);
    }

    /// <summary>
    /// The blocks of MobileNet v3 and EfficientNet: members 0, 1, … of a Sequential, each convolution, batch norm and activation, or
    /// squeeze and excitation. The last, unless it is the only one, has no activation; the first kernel above 1x1 has the stride.
    /// </summary>
    internal string Bottleneck(string name, string from, int stride, Layer activation, Layer squeeze, ActivationFunction gate)
    {
        int last = Enumerable.Range(0, int.MaxValue).First(i => !IsMember(i)) - 1;
        string x = from;
        bool strided = false;
        for (int i = 0; i <= last; i++)
        {
            string member = $"{name}.{i}";
            if (dict.Has($"{member}.fc1.weight"))
            {
                x = SqueezeExcite(member, x, squeeze, gate);
                continue;
            }

            bool spatial = !strided && dict.Require($"{member}.0.weight", rank: 4).Shape[2] > 1;
            strided |= spatial;
            x = ConvNorm(member, x, i == last && last > 0 ? null : activation, spatial ? stride : 1);
        }

        return last >= 0 ? x : throw new ModelException($"tensor '{name}.0.0.weight' is missing; save the whole model.state_dict()");

        bool IsMember(int i) => dict.Has($"{name}.{i}.0.weight") || dict.Has($"{name}.{i}.fc1.weight");
    }

    /// <summary>The sum of a block's input and what it makes of it, where the block keeps the shape; otherwise the latter alone.</summary>
    /// <param name="name">The sum's name.</param>
    /// <param name="from">The block's input.</param>
    /// <param name="inner">What it makes of it.</param>
    /// <param name="stride">The block's stride.</param>
    /// <param name="dropped">The name of a stochastic depth on the inner path, which is the identity outside of training.</param>
    internal string Residual(string name, string from, string inner, int stride, string? dropped = null)
    {
        if (stride != 1 || Channels(from) != Channels(inner))
        {
            return inner;
        }

        return Add(name, new Add(), from, dropped is null ? inner : Add(dropped, new Identity(), inner));
    }

    /// <summary>A factor for each channel, of tensor <paramref name="tensor"/> (<c>[C]</c>, <c>[C,1,1]</c> or <c>[1,C,1,1]</c>).</summary>
    internal string Scale(string name, string tensor, string from)
    {
        int channels = Channels(from);
        WeightEntry scale = dict.Find(tensor) ?? throw new ModelException($"tensor '{tensor}' is missing; {StateDict.SaveAgain}");
        return scale.Count == channels
            ? Add(name, new ChannelAffine(channels),
                [new CopiedTensor(scale, new Shape(channels)), new ZeroTensor($"{name}.shift", new Shape(channels))], from)
            : throw new ModelException($"tensor '{tensor}' has {scale.Count} values, expected {channels}; {StateDict.SaveAgain}");
    }

    /// <summary>The mean over each map, and the means as features.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="from">The maps.</param>
    /// <param name="flatten">The name of what makes features of them.</param>
    internal string Means(string pool, string from, string flatten = "flatten") =>
        Add(flatten, new Flatten(), Add(pool, new AdaptiveAvgPool2d(Size2.Square(1)), from));
}
