using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Plans;
using Interp.Weights.Raw;

namespace Interp.Weights;

/// <summary>
/// A network as far as one of its layers, with a linear head on that layer's features: what <c>train-head</c> makes. A map is averaged over
/// its positions before.
/// </summary>
/// <param name="Network">The network; its weights are taken over bit for bit.</param>
/// <param name="Layer">The layer that the head reads; what stands behind it is left out.</param>
/// <param name="Weights">A of the head's logits z = A h + b, <c>[classes,features]</c> in row-major order; stored in float32.</param>
/// <param name="Bias">b.</param>
/// <param name="Labels">The names of the classes.</param>
public sealed record HeadedModel(
    Network Network, Node Layer, ImmutableArray<double> Weights, ImmutableArray<double> Bias, Labels Labels)
{
    /// <summary>What is worth knowing of how the head came about, one line each, kept in the model's description.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Writes a model folder, which appears under its name only when it is complete. The same model gives the same
    /// bytes.</summary>
    /// <param name="folder">A new or empty folder, or a model's, which is then replaced.</param>
    /// <param name="name">The model's name; null for the folder's.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <param name="cancel">Checked at every piece of a tensor.</param>
    /// <exception cref="InputException">The name is not usable.</exception>
    /// <exception cref="ModelException">The head does not fit the layer.</exception>
    /// <exception cref="OutputException">The folder is taken by something else, or cannot be written.</exception>
    public ModelInfo Save(string folder, string? name = null, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        string called = CheckTarget(folder, name);
        ModelPlan plan = Plan();
        int classes = plan.Classes(called, Network.Preprocessing);
        if (Labels.Count != classes)
        {
            throw new ModelException($"{called}: {Labels.Count} labels for {classes} classes");
        }

        new RawWriter(NoSource.Instance, DType.Float32, progress, cancel).Write(
            folder, called, plan, Network.Preprocessing, Labels, OutputActivation.For(classes), Remarks);
        return RawModel.Info(folder);
    }

    /// <summary>The name that a model in that folder gets, once it is known that it can be written there.</summary>
    /// <inheritdoc cref="Save"/>
    public static string CheckTarget(string folder, string? name = null) => ModelConverter.NameFor(folder, name);

    private ModelPlan Plan()
    {
        var plan = new ModelPlan(Network.InputChannels);
        var needed = new HashSet<int> { Layer.Id };
        foreach (Node node in Network.Nodes.Reverse().Where(n => needed.Contains(n.Id)))
        {
            needed.UnionWith(node.Inputs);
        }

        foreach (Node node in Network.Nodes.Where(n => n.Id > 0 && needed.Contains(n.Id)))
        {
            plan.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => i == 0 ? plan.Nodes[0].Name : Network.Nodes[i].Name)],
                [.. node.Weights.Select(w => new NetworkTensor(w))]);
        }

        Shape shape = Network.OwnShapes[Layer.Id];
        if (shape.Rank == 4)
        {
            if (shape[2] * shape[3] > 1)
            {
                plan.Then(Free(plan, "avgpool"), new AdaptiveAvgPool2d(new Size2(1, 1)));
            }

            plan.Then(Free(plan, "flatten"), new Flatten());
        }

        int features = shape[1], classes = Bias.Length;
        if (Weights.Length != features * classes)
        {
            throw new ModelException(
                $"the head has {Weights.Length} weights and {classes} outputs, expected {features * classes} for the {features} features "
                + $"of layer '{Layer.Name}'");
        }

        string head = Free(plan, "fc");
        return plan.Then(head, new Linear(features, classes),
            new ConstantTensor($"{head}.weight", new Shape(classes, features), [.. Weights]),
            new ConstantTensor($"{head}.bias", [.. Bias]));
    }

    /// <summary>A name that no layer and no module has: <c>fc</c>, <c>fc_1</c>, …</summary>
    private static string Free(ModelPlan plan, string name)
    {
        string free = name;
        for (int k = 1; plan.Nodes.Any(n => n.Name == free || n.Name.StartsWith($"{free}.", StringComparison.Ordinal)); k++)
        {
            free = $"{name}_{k}";
        }

        return free;
    }
}
