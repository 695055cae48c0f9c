using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// EfficientNet B0 to B8, L2 and Lite 0 to 4 (M. Tan, Q. Le, arXiv 1905.11946) under the names of L. Melas-Kyriazi's package
/// efficientnet_pytorch, with TensorFlow's padding, of any width and depth. Networks that squeeze have swish; those without are Lite, which
/// has ReLU6. A stage ends where kernel, width or expansion change, which holds for every factor of width and depth: the paper's
/// neighbouring stages differ in one of them.
/// </summary>
internal sealed class LukemelasEfficientNetArchitecture : IArchitecture
{
    /// <summary>TensorFlow cuts the middle out of an image that is so much larger.</summary>
    private const int CropPadding = 32;

    private static readonly int[] Strides = [1, 2, 2, 2, 1, 2, 1];

    /// <summary>The published networks' input sizes by number of blocks and width of the sixth stage.</summary>
    private static readonly Dictionary<(int Blocks, int Width), int> Sizes = new()
    {
        [(16, 192)] = 224, [(23, 192)] = 240, [(23, 208)] = 260, [(26, 232)] = 300, [(32, 272)] = 380, [(39, 304)] = 456,
        [(45, 344)] = 528, [(55, 384)] = 600, [(61, 424)] = 672, [(88, 824)] = 800,
        [(21, 192)] = 240, [(21, 208)] = 260, [(24, 232)] = 280, [(30, 272)] = 300,
    };

    /// <inheritdoc/>
    public string Name => "efficientnet_pytorch";

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => ["efficientnet-", "efficientnet_lite"];

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("_blocks.0._depthwise_conv.weight");

    /// <inheritdoc/>
    public (Preprocessing Preprocessing, string Source) Usual(StateDict dict)
    {
        int[] stages = Stages(dict);
        int size = stages.Length == Strides.Length
            ? Sizes.GetValueOrDefault((dict.Members("_blocks").Length, Block(dict, stages[5]).Width), Preprocessing.ImageNet.InputSize)
            : Preprocessing.ImageNet.InputSize;
        Preprocessing usual = Preprocessing.ImageNet with
        {
            InputSize = size, ResizeShorterSide = size + CropPadding, Interpolation = Interpolation.Bicubic,
        };
        return Squeezes(dict)
            ? (usual, "EfficientNets that were trained on ImageNet")
            : (usual with { Mean = [127 / 255f, 127 / 255f, 127 / 255f], Deviation = [128 / 255f, 128 / 255f, 128 / 255f] },
                "TensorFlow's EfficientNet-Lite networks");
    }

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        int[] stages = Stages(dict);
        if (stages.Length != Strides.Length)
        {
            throw new ModelException($"{stages.Length} stages of blocks with the same kernel, width and expansion, expected "
                + $"{Strides.Length}, whose strides are known; only EfficientNet B0 to B8, L2 and Lite 0 to 4 of any width can be read");
        }

        bool squeezes = Squeezes(dict);
        int usual = Usual(dict).Preprocessing.InputSize;
        var b = new Blocks(dict, options.InputSize ?? usual, epsilon: 1e-3, PaddingRule.SameUpper);
        b.Plan.Assume("convolutions are padded as in TensorFlow (SAME)");
        b.Plan.Assume(squeezes ? "the activation is swish" : "the activation is ReLU6, as in EfficientNet-Lite: no block squeezes");
        Layer activation = Activation.Of(squeezes ? ActivationFunctions.SiLU : ActivationFunctions.ReLU6);
        string x = b.Add("_swish", activation, b.Conv("_conv_stem", "input", stride: 2, norm: "_bn0"));
        int blocks = dict.Members("_blocks").Length;
        for (int k = 0; k < blocks; k++)
        {
            int stage = Array.IndexOf(stages, k);
            x = AddBlock(b, $"_blocks.{k}", x, stage < 0 ? 1 : Strides[stage], activation, squeezes);
        }

        x = b.Add("_swish_1", activation, b.Conv("_conv_head", x, norm: "_bn1"));
        x = b.Add("_dropout", new Dropout(), b.Means("_avg_pooling", x));
        new LinearHead(dict, b.Plan, "_fc").Add(b.Channels(x));
        dict.RequireAllUsed("efficientnet_pytorch's _conv_stem, _blocks.N, _conv_head and _fc");
        return b.Plan;
    }

    private static string AddBlock(Blocks b, string at, string from, int stride, Layer activation, bool squeezes)
    {
        int calls = 0;
        string x = b.Dict.Has($"{at}._expand_conv.weight") ? Active(b.Conv($"{at}._expand_conv", from, norm: $"{at}._bn0")) : from;
        x = Active(b.Conv($"{at}._depthwise_conv", x, stride, $"{at}._bn1"));
        if (squeezes)
        {
            string mean = b.Add($"{at}.adaptive_avg_pool2d", new AdaptiveAvgPool2d(Size2.Square(1)), x);
            string excited = b.Conv($"{at}._se_expand", Active(b.Conv($"{at}._se_reduce", mean)));
            x = b.Add($"{at}.mul", new Multiply(), x, b.Add($"{at}.sigmoid", Activation.Of(ActivationFunctions.Sigmoid), excited));
        }

        return b.Residual($"{at}.add", from, b.Conv($"{at}._project_conv", x, norm: $"{at}._bn2"), stride);

        string Active(string maps) => b.Add(calls++ == 0 ? $"{at}._swish" : $"{at}._swish_{calls - 1}", activation, maps);
    }

    private static bool Squeezes(StateDict dict) => dict.Has("_blocks.0._se_reduce.weight");

    /// <summary>The block with which each stage begins.</summary>
    private static int[] Stages(StateDict dict) =>
        [.. Enumerable.Range(0, dict.Members("_blocks").Length).Where(k => k == 0 || Block(dict, k) != Block(dict, k - 1))];

    private static (int Kernel, int Width, bool Expands) Block(StateDict dict, int k) =>
        (dict.Require($"_blocks.{k}._depthwise_conv.weight", rank: 4).Shape[2],
            dict.Require($"_blocks.{k}._project_conv.weight", rank: 4).Shape[0],
            dict.Has($"_blocks.{k}._expand_conv.weight"));
}
