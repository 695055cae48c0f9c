using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Tests.Weights.Architectures;
using Interp.Weights.Architectures;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Benchmarks;

/// <summary>torchvision's networks with random weights, planned from the names and shapes of their state dicts as weight files are: batch
/// normalisations are part of the convolutions before them.</summary>
internal static class Families
{
    /// <summary>One or two of each kind of block.</summary>
    public static readonly string[] Names =
        ["resnet18", "resnet50", "mobilenet_v2", "efficientnet_b0", "densenet121", "squeezenet1_1", "convnext_tiny"];

    /// <summary>The network of torchvision's builder of that name.</summary>
    public static Network Build(string name)
    {
        var table = TorchvisionTable.Of(name);
        ModelPlan plan = ArchitectureCatalog.Plan(
            [.. table.Tensors.Select(t => new WeightEntry(t.Name, "float32", [.. t.Shape.Dims.Select(d => (long)d)]))],
            new PlanOptions { InputSize = table.InputSize });
        var builder = new NetworkBuilder(3);
        foreach (PlannedNode node in plan.Nodes.Skip(1))
        {
            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(), Networks.Weights(node.Name, node.Layer));
        }

        return builder.Build(name, Preprocessing.ImageNet.WithInputSize(table.InputSize));
    }
}
