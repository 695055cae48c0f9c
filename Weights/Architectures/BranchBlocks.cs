using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>What Inception v3 and GoogLeNet have in common: modules of branches, ε = 1e-3, and the change of the input's scale.</summary>
internal sealed class BranchBlocks(StateDict dict, Sides input)
{
    /// <summary>ImageNet's mean and deviation, as torchvision writes them.</summary>
    private static readonly (double Mean, double Deviation)[] Channels = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)];

    private readonly Blocks _b = new(dict, input, epsilon: 1e-3) { Grouped = false };

    /// <summary>The node to begin with: the input, or its values times deviation/½, plus (mean − ½)/½.</summary>
    /// <param name="transform">Whether the network has that step.</param>
    /// <param name="plain">The architecture's name without it.</param>
    /// <param name="stem">The first convolution; of one channel it leaves nothing to rescale, since the step is one of colours.</param>
    internal string Start(bool transform, string plain, string stem)
    {
        if (!transform || dict.Require($"{stem}.weight", rank: 4).Shape[1] == 1)
        {
            return "input";
        }

        _b.Plan.Assume($"the network rescales its normalised input to (p - 0.5)/0.5, as torchvision's pretrained one does "
            + $"(transform_input; one trained without: option 'arch' {plain})");
        return _b.Add(
            "transform_input",
            new ChannelAffine(Channels.Length),
            [
                new ConstantTensor("transform_input.scale", [.. Channels.Select(c => c.Deviation / 0.5)]),
                new ConstantTensor("transform_input.shift", [.. Channels.Select(c => (c.Mean - 0.5) / 0.5)]),
            ],
            "input");
    }

    /// <summary>Convolution <c>name.conv</c>, batch norm <c>name.bn</c>, ReLU <c>name.relu</c>.</summary>
    internal string Conv(string name, string from, int stride = 1, int? padding = null) =>
        _b.Add($"{name}.relu", new ReLU(), _b.Conv($"{name}.conv", from, stride, $"{name}.bn", padding));

    /// <summary>Several of them, one behind the other.</summary>
    internal string Chain(string at, string from, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            from = Conv($"{at}.{name}", from);
        }

        return from;
    }

    /// <summary>A max-pool of 3x3 windows with stride 2, or of other ones.</summary>
    internal string MaxPool(string name, string from, int kernel = 3, int stride = 2, int padding = 0, bool ceil = false) =>
        _b.Add(name, new MaxPool2d(Window.Square(kernel, stride, padding), ceil), from);

    /// <summary>A mean of 3x3 windows that counts the padding, and a convolution.</summary>
    internal string PoolBranch(string at, string from) =>
        Conv($"{at}.branch_pool", _b.Add($"{at}.avg_pool2d", new AvgPool2d(Window.Square(3, padding: 1)), from));

    /// <summary>Branches side by side.</summary>
    internal string Cat(string name, params ReadOnlySpan<string> branches) => _b.Add(name, new Concat(), branches);

    /// <summary>Means, dropout and the head; the auxiliary heads are left out, which is said.</summary>
    internal ModelPlan Finish(string maps, params ReadOnlySpan<string> auxiliary)
    {
        bool flattensLast = dict.Has("Conv2d_1a_3x3.conv.weight");
        string x = _b.Add("avgpool", new AdaptiveAvgPool2d(Size2.Square(1)), maps);
        x = flattensLast
            ? _b.Add("flatten", new Flatten(), _b.Add("dropout", new Dropout(), x))
            : _b.Add("dropout", new Dropout(0.2), _b.Add("flatten", new Flatten(), x));
        foreach (string head in auxiliary)
        {
            if (dict.Ignore(head) is > 0 and var count)
            {
                _b.Plan.Assume($"{head} ({count} tensors) is an auxiliary head, which serves training only, and is left out");
            }
        }

        new LinearHead(dict, _b.Plan, "fc").Add(_b.Channels(x));
        dict.RequireAllUsed("torchvision's convolutions, branches and fc");
        return _b.Plan;
    }
}
