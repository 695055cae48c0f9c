using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Weights.Architectures;
using Interp.Weights.Architectures;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Benchmarks;

/// <summary>torchvision's networks with random weights, planned from the names and shapes of their state dicts as weight files are: batch
/// normalisations are part of the convolutions before them.</summary>
internal static class Families
{
    /// <summary>Every family, and more than one of it where its blocks differ.</summary>
    public static readonly string[] Names =
    [
        "resnet18", "resnet34", "resnet50", "resnext50_32x4d", "densenet121", "inception_v3", "googlenet", "squeezenet1_1",
        "shufflenet_v2_x1_0", "mobilenet_v2", "mobilenet_v3_large", "mnasnet1_0", "efficientnet_b0", "efficientnet_v2_s",
        "regnet_y_400mf", "regnet_x_400mf", "convnext_tiny", "vgg16",
    ];

    /// <summary>The network of torchvision's builder of that name.</summary>
    public static Network Build(string name)
    {
        var table = TorchvisionTable.Of(name);
        ModelPlan plan = ArchitectureCatalog.Plan(
            [.. table.Tensors.Select(t => new WeightEntry(t.Name, "float32", [.. t.Shape.Dims.Select(d => (long)d)]))],
            new PlanOptions { InputSize = table.InputSize });
        // Without a ReLU, and with layers that nothing follows, values would grow to hundreds, whose SiLU has fewer digits than a float32
        // holds: numbers that processors take long over, and trained networks do not have.
        double gain = plan.Nodes.Any(n => n.Layer is Activation { Function: "silu" }) ? 1 : 2;
        bool scalesAlone = plan.Nodes.Any(n => n.Layer is LayerNorm); // ConvNeXt's layer scale shifts nothing.
        var builder = new NetworkBuilder(3);
        foreach (PlannedNode node in plan.Nodes.Skip(1))
        {
            Weight[] weights = Networks.Weights(node.Name, node.Layer, gain);
            if (node.Layer is ChannelAffine affine && scalesAlone)
            {
                weights[1] = Weight.FromValues(weights[1].Name, weights[1].Shape, new float[affine.Channels]);
            }

            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(), weights);
        }

        return builder.Build(name, Preprocessing.ImageNet.WithInputSize(table.InputSize));
    }
}
