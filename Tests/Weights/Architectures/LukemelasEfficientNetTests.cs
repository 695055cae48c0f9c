using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Weights.Architectures;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

/// <summary>The published EfficientNets of the package efficientnet_pytorch, from generated lists of names and shapes.</summary>
[TestClass]
public sealed class LukemelasEfficientNetTests
{
    private const int Classes = 11;

    /// <summary>The paper's table 1: blocks, kernel, stride, expansion, width.</summary>
    private static readonly (int Repeats, int Kernel, int Stride, int Expand, int Width)[] Table =
        [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)];

    [TestMethod]
    [DataRow("b0", 1.0, 1.0, false, 224)]
    [DataRow("b1", 1.0, 1.1, false, 240)]
    [DataRow("b2", 1.1, 1.2, false, 260)]
    [DataRow("b3", 1.2, 1.4, false, 300)]
    [DataRow("b4", 1.4, 1.8, false, 380)]
    [DataRow("b5", 1.6, 2.2, false, 456)]
    [DataRow("b6", 1.8, 2.6, false, 528)]
    [DataRow("b7", 2.0, 3.1, false, 600)]
    [DataRow("b8", 2.2, 3.6, false, 672)]
    [DataRow("l2", 4.3, 5.3, false, 800)]
    [DataRow("lite0", 1.0, 1.0, true, 224)]
    [DataRow("lite1", 1.0, 1.1, true, 240)]
    [DataRow("lite2", 1.1, 1.2, true, 260)]
    [DataRow("lite3", 1.2, 1.4, true, 280)]
    [DataRow("lite4", 1.4, 1.8, true, 300)]
    [DataRow("a quarter as wide", 0.25, 1.0, false, 224)]
    public void Plan_StridesActivationsAndSizeAreThePublishedOnes(string name, double width, double depth, bool lite, int size)
    {
        (ImmutableArray<WeightEntry> entries, int[] strides) = Generate(width, depth, lite);
        ModelPlan plan = ArchitectureCatalog.Plan(entries);
        (Preprocessing usual, string source) = ArchitectureCatalog.Family(entries, new()).Usual(new StateDict(entries));
        Window[] depthwise = [.. plan.Nodes.Where(n => n.Name.EndsWith("_depthwise_conv", StringComparison.Ordinal))
            .Select(n => ((Conv2d)n.Layer).Window)];

        CollectionAssert.AreEqual(strides, depthwise.Select(w => w.Stride.H).ToArray(), name);
        Assert.IsTrue(depthwise.All(w => w.PaddingRule == PaddingRule.SameUpper));
        ActivationFunction expected = lite ? ActivationFunctions.ReLU6 : ActivationFunctions.SiLU;
        Assert.IsTrue(plan.Nodes.Where(n => n.Name.Contains("_swish", StringComparison.Ordinal))
            .All(n => n.Layer.Equals(Activation.Of(expected))));
        Assert.AreEqual(lite ? 0 : strides.Length, plan.Nodes.Count(n => n.Layer is Multiply));
        Assert.AreEqual(size, usual.InputSize);
        Assert.AreEqual(size + 32, usual.ResizeShorterSide);
        Assert.AreEqual(lite ? 128 / 255f : 0.229f, usual.Deviation[0]);
        Assert.AreEqual(lite, source.Contains("Lite", StringComparison.Ordinal));
        Assert.AreEqual(Classes, plan.Classes("net", usual));
    }

    [TestMethod]
    public void Plan_SixStages_SaysHowManyItKnows()
    {
        ImmutableArray<WeightEntry> entries = Generate(1, 1, lite: true).Entries;
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan([.. entries.Where(e => !e.Name.StartsWith("_blocks.15.", StringComparison.Ordinal))]),
            "6 stages", "expected 7", "B0 to B8");
    }

    [TestMethod]
    public void Plan_OneBlockDoesNotSqueeze_NamesTheTensor()
    {
        ImmutableArray<WeightEntry> entries = Generate(1, 1, lite: false).Entries;
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan([.. entries.Where(e => !e.Name.StartsWith("_blocks.3._se", StringComparison.Ordinal))]),
            "'_blocks.3._se_reduce.weight' is missing");
    }

    [TestMethod]
    [DataRow("efficientnet-b3")]
    [DataRow("efficientnet_lite1")]
    [DataRow("efficientnet_pytorch")]
    public void Find_Names(string name) => Assert.AreEqual("efficientnet_pytorch", ArchitectureCatalog.Find(name).Name);

    /// <summary>Names and shapes as the package makes them, and the stride of every block.</summary>
    private static (ImmutableArray<WeightEntry> Entries, int[] Strides) Generate(double width, double depth, bool lite)
    {
        var entries = ImmutableArray.CreateBuilder<WeightEntry>();
        var strides = new List<int>();
        int channels = lite ? 32 : Round(32, width), block = 0;
        Conv("_conv_stem", [channels, 3, 3, 3], "_bn0");
        for (int s = 0; s < Table.Length; s++)
        {
            (int repeats, int kernel, int stride, int expand, int filters) = Table[s];
            int outputs = Round(filters, width);
            int count = lite && (s is 0 or 6) ? repeats : (int)Math.Ceiling(repeats * depth);
            for (int k = 0; k < count; k++, block++)
            {
                string at = $"_blocks.{block}";
                int inner = channels * expand;
                if (expand > 1)
                {
                    Conv($"{at}._expand_conv", [inner, channels, 1, 1], $"{at}._bn0");
                }

                Conv($"{at}._depthwise_conv", [inner, 1, kernel, kernel], $"{at}._bn1");
                if (!lite)
                {
                    int squeezed = Math.Max(1, channels / 4);
                    Conv($"{at}._se_reduce", [squeezed, inner, 1, 1], null);
                    Conv($"{at}._se_expand", [inner, squeezed, 1, 1], null);
                }

                Conv($"{at}._project_conv", [outputs, inner, 1, 1], $"{at}._bn2");
                strides.Add(k == 0 ? stride : 1);
                channels = outputs;
            }
        }

        int head = lite ? 1280 : Round(1280, width);
        Conv("_conv_head", [head, channels, 1, 1], "_bn1");
        Add("_fc.weight", Classes, head);
        Add("_fc.bias", Classes);
        return (entries.ToImmutable(), [.. strides]);

        void Conv(string name, long[] shape, string? norm)
        {
            Add($"{name}.weight", shape);
            foreach (string part in norm is null ? [$"{name}.bias"] : (string[])["weight", "bias", "running_mean", "running_var"])
            {
                Add(norm is null ? part : $"{norm}.{part}", shape[0]);
            }
        }

        void Add(string name, params long[] shape) => entries.Add(new WeightEntry(name, "float32", [.. shape]));
    }

    /// <summary>Multiples of eight, at most a tenth below.</summary>
    private static int Round(int filters, double width)
    {
        double wanted = filters * width;
        int rounded = Math.Max(8, (int)(wanted + 4) / 8 * 8);
        return rounded < 0.9 * wanted ? rounded + 8 : rounded;
    }
}
