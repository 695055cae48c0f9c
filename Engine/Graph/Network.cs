using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Graph;

/// <summary>
/// An immutable directed acyclic graph of layers with its weights, labels and preprocessing. Node 0 is the input; the last node is the
/// output, the class logits <c>[N,classes]</c> of a classifier, or anything for a network without classes: one that gives maps or
/// embeddings, or a part of another. It can be shared between threads; runs happen in a <see cref="Backends.Session"/>.
/// Made with <see cref="NetworkBuilder"/>.
/// </summary>
public sealed class Network
{
    private readonly Dictionary<string, Node> _byName;

    internal Network(
        string name,
        ImmutableArray<Node> nodes,
        Preprocessing preprocessing,
        Labels? labels,
        string hash,
        bool classifies = true,
        OutputActivation? output = null)
    {
        Name = name;
        Nodes = nodes;
        Preprocessing = preprocessing;
        Hash = hash;
        Aliases = Modules.Of(nodes);
        _byName = nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        OwnShapes = Shapes(1, preprocessing.Height, preprocessing.Width);
        if (!classifies)
        {
            Labels = Labels.Numbered(0);
            OutputActivation = OutputActivation.For(0);
            return;
        }

        if (OwnShapes[^1] is not { Rank: 2 } logits)
        {
            throw new ModelException($"{name}: the last layer '{nodes[^1].Name}' gives {OwnShapes[^1]}, expected class logits [N,classes]");
        }

        Classes = logits[1];
        Labels = labels ?? Labels.Numbered(Classes);
        if (Labels.Count != Classes)
        {
            throw new ModelException($"{name}: {Labels.Count} labels for {Classes} classes");
        }

        OutputActivation = output ?? OutputActivation.For(Classes);
        if (Classes == 1 && OutputActivation == OutputActivation.Softmax)
        {
            throw new ModelException($"{name}: the activation is softmax, which for its one output is always 1; expected sigmoid");
        }
    }

    /// <summary>The model's name: <c>vgg16-200</c>.</summary>
    public string Name { get; }

    /// <summary>All nodes in topological order.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>How an image becomes the network's input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The names of the classes.</summary>
    public Labels Labels { get; }

    /// <summary>How its logits become probabilities.</summary>
    public OutputActivation OutputActivation { get; }

    /// <summary>SHA-256 of the model's description and data in lower-case hexadecimal, or an empty string for a network made in
    /// memory.</summary>
    public string Hash { get; }

    /// <summary>
    /// Names of modules, each with the name of the node whose value the module returns: <c>layer4</c> is <c>layer4.1.relu_1</c>. Every
    /// name before a dot is a module's, and its last node gives its value.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Aliases { get; }

    /// <summary>Number of classes; 0 for a network without classes, of which units of layers are explained.</summary>
    public int Classes { get; }

    /// <summary>The output shape of every node, by id, for one image of the network's own input size.</summary>
    public ImmutableArray<Shape> OwnShapes { get; }

    /// <summary>The input node.</summary>
    public Node Input => Nodes[0];

    /// <summary>The output node: the logits of a classifier.</summary>
    public Node Output => Nodes[^1];

    /// <summary>The number of input channels.</summary>
    public int InputChannels => ((Input)Input.Layer).Channels;

    /// <summary>The node of that name, or the one whose value the module of that name returns.</summary>
    /// <exception cref="InputException">There is none; the message names the nearest ones.</exception>
    public Node Find(string name)
    {
        if (_byName.TryGetValue(Aliases.GetValueOrDefault(name, name), out Node? node))
        {
            return node;
        }

        string near = string.Join(", ", NearestLayers.To(name, [.. Nodes.Select(n => n.Name), .. Aliases.Keys]));
        throw new InputException($"model {Name} has no layer '{name}': nearest are {near}; list all with 'layers'");
    }

    /// <summary>A network of the same shape with other weights, and no hash.</summary>
    internal Network With(string name, ImmutableArray<Node> nodes) =>
        new(name, nodes, Preprocessing, Labels, "", Classes > 0, OutputActivation);

    /// <summary>The same network, which takes other image files as its input already; its hash is the same.</summary>
    public Network With(PreparedImages prepared) => prepared == Preprocessing.Prepared ? this
        : new(Name, Nodes, Preprocessing with { Prepared = prepared }, Labels, Hash, Classes > 0, OutputActivation);

    /// <summary>The output of a classifier.</summary>
    /// <exception cref="InputException">The network has no classes; the message names a unit to ask for instead.</exception>
    internal Node ClassOutput
    {
        get
        {
            RequireClasses();
            return Output;
        }
    }

    /// <summary>Ends what needs classes where there are none.</summary>
    /// <exception cref="InputException">The network has no classes; the message names a unit to ask for instead.</exception>
    internal void RequireClasses()
    {
        if (Classes == 0)
        {
            throw new InputException($"model {Name} has no classes: its output '{Output.Name}' gives {OwnShapes[^1]}; explain a unit of a "
                + $"layer instead, such as {Output.Name}:0 (option 'unit')");
        }
    }

    /// <summary>The output shape of every node, by id, for a batch of images of the given size.</summary>
    /// <exception cref="ModelException">The size does not fit the network, for example too small for its pools.</exception>
    public ImmutableArray<Shape> Shapes(int batch, int height, int width)
    {
        var shapes = ImmutableArray.CreateBuilder<Shape>(Nodes.Length);
        shapes.Add(new Shape(batch, InputChannels, height, width));
        foreach (Node node in Nodes.Skip(1))
        {
            try
            {
                shapes.Add(node.Layer.Infer([.. node.Inputs.Select(i => shapes[i])]));
            }
            catch (ModelException e)
            {
                throw new ModelException($"{Name}, layer '{node.Name}', input {height}x{width}: {e.Message}", e);
            }
        }

        return shapes.MoveToImmutable();
    }
}
