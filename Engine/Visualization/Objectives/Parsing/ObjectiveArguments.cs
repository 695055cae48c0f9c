using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives.Likeness;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>The arguments of one call in an objective's text, read one after the other.</summary>
public sealed class ObjectiveArguments
{
    private const string RandomVector = "random:";

    private readonly ObjectiveGrammar _grammar;
    private readonly ObjectiveForm _form;
    private readonly bool _parenthesized;
    private bool _started;
    private Node? _layer;

    internal ObjectiveArguments(ObjectiveGrammar grammar, ObjectiveForm form, bool parenthesized) =>
        (_grammar, _form, _parenthesized) = (grammar, form, parenthesized);

    /// <summary>The network that the text is about.</summary>
    public Network Network => _grammar.Network;

    private ObjectiveReader Reader => _grammar.Reader;

    /// <summary>A layer.</summary>
    public Node Layer() => _layer = _grammar.Layer(Required("a layer", r => r.Name()));

    /// <summary>A unit with or without a position, as the neuron there or at the centre.</summary>
    public Objective Neuron() => Objective() switch
    {
        NeuronObjective neuron => neuron,
        ChannelObjective channel => new NeuronObjective(channel.Node, channel.Channel),
        var other => throw Fail($"expected LAYER:CHANNEL, found '{other}'"),
    };

    /// <summary>Any objective.</summary>
    public Objective Objective()
    {
        Separate("an objective");
        return _grammar.Expression();
    }

    /// <summary>A class, by id, label or part of one.</summary>
    public int Class()
    {
        string name = Required("an id or a label", r => r.Name());
        return Network.Classes > 0 ? _grammar.At(() => Network.Labels.Find(name)) : throw Fail($"{Network.Name} has no classes");
    }

    /// <summary>A layer, and what a .npy file or <c>random:SEED</c> says is a direction in its channels.</summary>
    public (Node Layer, string Source, float[] Vector) Vector()
    {
        Node layer = Layer();
        string source = Required("a .npy file or random:SEED", r => r.Path());
        int channels = _grammar.Channels(layer);
        if (source.StartsWith(RandomVector, StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(source.AsSpan(RandomVector.Length), out ulong seed))
        {
            var random = new Rng(seed);
            return (layer, source, [.. Enumerable.Range(0, channels).Select(c => (float)random.Gaussian((ulong)c))]);
        }

        (Shape shape, float[] values) = _grammar.At(() => Npy.Read(source));
        return values.Length == channels && Array.TrueForAll(values, float.IsFinite) && Array.Exists(values, v => v != 0)
            ? (layer, source, values)
            : throw Fail(
            $"{source}: expected a direction of {channels} finite values, not all 0, one for each channel of {layer.Name}; found an "
            + $"array of shape {shape}");
    }

    /// <summary>A photo, as the layer that was read before sees it.</summary>
    public ActivationPattern Photo()
    {
        string path = Required("a photo", r => r.Path());
        return _grammar.At(() =>
        {
            (Shape shape, float[] values) = _grammar.Sources.Activations(path, _layer!);
            return new ActivationPattern(path, shape, values);
        });
    }

    /// <summary>The distance from a photo.</summary>
    public Objective Distance()
    {
        string path = Required("a photo", r => r.Path());
        return new DistanceObjective(path, _grammar.At(() => _grammar.Sources.Image(path)));
    }

    /// <summary>A number that is at least 0, or another one where none is given.</summary>
    public double Number(double standard)
    {
        int start = Reader.Place;
        if (Reader.Take(',') && Reader.Number() is { } number)
        {
            return number;
        }

        Reader.Place = start;
        return standard;
    }

    /// <summary>A position in a map, or null where none is given.</summary>
    public MapPosition? Position() => _grammar.Position();

    /// <summary>A frame's width in pixels.</summary>
    public int Width() => !_parenthesized || Reader.Next == ')' ? BoundaryObjective.StandardWidth
        : Reader.Whole() is { } width and > 0 ? width : throw Reader.Expected("a width in pixels");

    private string Required(string what, Func<ObjectiveReader, string?> read)
    {
        Separate(what);
        return read(Reader) ?? throw Reader.Expected($"{what} in {_form.Usage}, such as {_form.Example}");
    }

    private void Separate(string what)
    {
        if (_started && !Reader.Take(','))
        {
            throw Reader.Expected($"',' and {what} in {_form.Usage}, such as {_form.Example}");
        }

        _started = true;
    }

    private InputException Fail(string message) => Reader.Error(_grammar.Start, message);
}
