using Interp.Engine.Layers;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Elementwise;

/// <summary>
/// A scale and a shift for each channel of a node: merged into the convolution or linear layer that makes it, where nothing else reads that
/// and the file does not say that it is a module of its own; else a layer.
/// </summary>
internal sealed class AffineLayers(GraphLowering lowering)
{
    /// <summary>The value of an affine expression.</summary>
    internal View Make(Pending p, AffineForm form)
    {
        View element = p.Element;
        if (form.IsNothing)
        {
            return new View(element.Node, element.Layout, element.Site, element.Sole && IsRead1(p) && p.Readers == 1);
        }

        int channels = element.Layout.Channels;
        double[] scale = AffineForm.Spread(form.Scale, channels), shift = AffineForm.Spread(form.Shift, channels);
        bool sole = element.Sole && IsRead1(p);
        if (sole && IsOfOneModule(element.Node.Site!.Operator, p)
            && Merge(element.Node, new BatchNormFold(scale, new double[channels], shift), within: true))
        {
            return new View(element.Node, element.Layout, element.Site, p.Readers == 1);
        }

        EmittedNode made = Layer(element.Node, p.Site, Function(p.Function.Operator), scale, shift);
        return new View(made, element.Layout, element.Site, p.Readers == 1);
    }

    /// <summary>A layer of its own.</summary>
    internal EmittedNode Layer(EmittedNode from, Site site, string function, double[] scale, double[] shift)
    {
        var layer = new ChannelAffine(scale.Length);
        return lowering.Network.Add(new EmittedNode(layer, [from], from.Shape, site, function)
        {
            Tensors = [OperatorCall.Recipe(scale), OperatorCall.Recipe(shift)],
            Module = from == lowering.Network.Input && site.Operator.Module is "" ? "transform_input" : null,
        });
    }

    /// <summary>Merges a normalisation into the layer that makes its input; false where that cannot take it.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="fold">The normalisation.</param>
    /// <param name="within">Whether both are of one module, so that a normalisation's own factors can take it.</param>
    internal static bool Merge(EmittedNode node, BatchNormFold fold, bool within = false)
    {
        if (node.Layer is not (Conv2d or Linear) && !(within && node.Layer is GroupNorm or LayerNorm or ChannelAffine))
        {
            return false;
        }

        int outputs = node.Shape[1];
        Func<string, TensorRecipe> weight = node.Tensors[0];
        Func<string, TensorRecipe> bias = node.Tensors.Length > 1 ? node.Tensors[1] : name => new ZeroTensor(name, new(outputs));
        node.Tensors = [name => fold.Weight(weight(name)), name => fold.Bias(bias(name))];
        node.Layer = node.Layer switch
        {
            Conv2d conv => conv with { Bias = true },
            Linear linear => linear with { Bias = true },
            var other => other,
        };
        return true;
    }

    /// <summary>Whether no value inside of the expression has another reader.</summary>
    private static bool IsRead1(Pending p) => p.Operands.All(o => o.Result is not { } inner || (inner.Readers == 1 && IsRead1(inner)));

    private static bool IsOfOneModule(OperatorNode layer, Pending p) =>
        (layer.Module is null || p.Site.Operator.Module is null || layer.Module == p.Site.Operator.Module)
        && p.Operands.All(o => o.Result is not { } inner || IsOfOneModule(layer, inner));

    private static string Function(string op) => op == "Sum" ? "add" : op.ToLowerInvariant();
}
