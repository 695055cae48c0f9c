using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Plans;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights;

/// <summary>Networks in memory as model folders.</summary>
internal static class ModelFolders
{
    /// <summary>Writes a network as converters do.</summary>
    internal static string Write(string folder, Network network)
    {
        new RawWriter(NoSource.Instance, DType.Float32, null, CancellationToken.None).Write(
            folder, network.Name, PlanOf(network), network.Preprocessing, network.Labels,
            network.Classes > 0 ? network.OutputActivation : null, []);
        return folder;
    }

    /// <summary>The plan of a network whose weights are in memory.</summary>
    internal static ModelPlan PlanOf(Network network)
    {
        var plan = new ModelPlan(network.InputChannels);
        foreach (Node node in network.Nodes.Skip(1))
        {
            TensorRecipe[] tensors = [.. node.Weights.Select(w => new HeldValues(w))];
            plan.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => network.Nodes[i].Name)], tensors);
        }

        return plan;
    }

    private sealed class HeldValues(Weight weight) : TensorRecipe(weight.Name, weight.Shape)
    {
        private readonly float[] _values = weight.ToArray();

        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            for (int i = 0; i < into.Length; i++)
            {
                into[i] = _values[first + i];
            }
        }
    }
}
