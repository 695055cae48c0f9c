using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Graph;

/// <summary>Makes a <see cref="Network"/> node by node, checking names, order, and the shapes of weights.</summary>
public sealed class NetworkBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Starts a network whose input has the given number of channels.</summary>
    public NetworkBuilder(int channels) => Add("input", new Input(channels), [], []);

    /// <summary>The name of the node added last.</summary>
    public string Last => _nodes[^1].Name;

    /// <summary>Appends a node that reads the node added last.</summary>
    public NetworkBuilder Then(string name, Layer layer, params ReadOnlySpan<Weight> weights) => Add(name, layer, [Last], weights);

    /// <summary>Appends a node that reads the named nodes.</summary>
    /// <exception cref="ModelException">The name is taken, an input is unknown, or the weights are not those that the layer
    /// needs.</exception>
    public NetworkBuilder Add(string name, Layer layer, ReadOnlySpan<string> inputs, ReadOnlySpan<Weight> weights)
    {
        var ids = ImmutableArray.CreateBuilder<int>(inputs.Length);
        foreach (string input in inputs)
        {
            ids.Add(_ids.TryGetValue(input, out int id)
                ? id
                : throw new ModelException($"layer '{name}' reads '{input}', which does not stand before it"));
        }

        IReadOnlyList<Shape> expected = layer.Parameters;
        if (weights.Length != expected.Count)
        {
            throw new ModelException($"layer '{name}' ({layer.Kind}) needs {expected.Count} tensors, found {weights.Length}");
        }

        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i].Shape != expected[i])
            {
                throw new ModelException(
                    $"layer '{name}' ({layer.Kind}): tensor '{weights[i].Name}' has shape {weights[i].Shape}, expected {expected[i]}");
            }
        }

        if (!_ids.TryAdd(name, _nodes.Count))
        {
            throw new ModelException($"two layers are called '{name}'");
        }

        _nodes.Add(new Node(_nodes.Count, name, layer, ids.MoveToImmutable(), [.. weights]));
        return this;
    }

    /// <summary>The finished network.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="preprocessing">How images are prepared; its input size is also the one for which shapes are checked.</param>
    /// <param name="labels">Class names, or null for numbered ones.</param>
    /// <param name="hash">The model's SHA-256, if it has one.</param>
    /// <param name="output">How logits become probabilities, or null for <see cref="OutputActivation.For"/>.</param>
    /// <exception cref="ModelException">
    /// The shapes do not fit together, the labels are not as many as the classes, or one output has a softmax.
    /// </exception>
    public Network Build(
        string name, Preprocessing preprocessing, Labels? labels = null, string hash = "", OutputActivation? output = null) =>
        new(name, [.. _nodes], preprocessing, labels, hash, output: output);

    /// <summary>The finished network, whose output is no row of class logits but maps, an embedding or anything else: it has no classes
    /// and no labels, and what can be explained of it are units of its layers.</summary>
    /// <inheritdoc cref="Build"/>
    /// <exception cref="ModelException">The shapes do not fit together.</exception>
    public Network BuildWithoutClasses(string name, Preprocessing preprocessing, string hash = "") =>
        new(name, [.. _nodes], preprocessing, labels: null, hash, classifies: false);

    /// <summary>The nodes as a part of a network, whose output may have any shape: it has no classes, labels or preprocessing of its
    /// own.</summary>
    /// <param name="name">What it is a part of, for messages.</param>
    /// <param name="inputSize">The side of the input for which shapes are checked.</param>
    /// <exception cref="ModelException">The shapes do not fit together.</exception>
    public Network BuildPart(string name, int inputSize) => BuildPart(name, (inputSize, inputSize));

    /// <summary>The same for an input of any sides.</summary>
    internal Network BuildPart(string name, (int Height, int Width) size)
    {
        var preprocessing = new Preprocessing { InputSize = size.Height, InputWidth = size.Width };
        return BuildWithoutClasses(name, preprocessing);
    }
}
