using System.CommandLine;
using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Cli.Visualization;

/// <summary>Which unit is made visible.</summary>
internal static class VisualizeTargetFlags
{
    internal static readonly Option<string> Layer = TypedOption.Text(
        "--layer", "The layer of the unit; alone, all of it is excited (DeepDream)", "NAME");

    internal static readonly Option<bool> Probability = TypedOption.Switch(
        "--probability", "Raise the class's probability, not only its logit");

    internal static readonly Option<bool> Negative = TypedOption.Switch("--negative", "Make it small instead of large");

    private static readonly Option<string> s_channel = TypedOption.Text("--channel", "A channel of the layer: the mean of its map", "K");

    private static readonly Option<string> s_neuron = TypedOption.Text(
        "--neuron", "One neuron of the layer, in the middle of the map if no place is given", "K[,Y,X]");

    private static readonly Option<string> s_class = TypedOption.Text(
        "--class", "A class instead of a unit: an id, a label or part of one", "ID|LABEL");

    private static readonly Option<string> s_objective = TypedOption.Text(
        "--objective", "A sum of terms: \"features.28:264 - 0.5 * tv\"; docs/visualization.md lists them", "TEXT");

    internal static IEnumerable<Option> All => [Layer, s_channel, s_neuron, s_class, Probability, s_objective, Negative];

    /// <exception cref="InputException">The unit does not exist, or the options contradict each other.</exception>
    internal static VisualizeTarget Read(Invocation run, Network network, Func<string, Objective> parse)
    {
        Option[] given = [.. ((Option[])[Layer, s_class, s_objective]).Where(run.IsGiven)];
        if (given.Length != 1)
        {
            throw new InputException(given.Length == 0
                ? "nothing to show: give --layer with --channel or --neuron, --layer alone, --class or --objective"
                : $"{given[0].Name} and {given[1].Name}: give one of them");
        }

        bool negative = run.Get(Negative);
        Option? lost = given[0] == Layer ? First(Probability) : First(s_channel, s_neuron)
            ?? (given[0] == s_objective ? First(Probability) : null);
        if (lost is not null)
        {
            throw new InputException($"{lost.Name} does not go with {given[0].Name}");
        }

        if (run.Get(s_objective) is { } text)
        {
            return OfText(text, parse(text), negative);
        }

        if (run.Get(s_class) is { } label)
        {
            RequireClasses(network, s_class.Name, $"{Layer.Name} with {s_channel.Name} or {s_neuron.Name}");
            return OfClass(network, network.Labels.Find(label), run.Get(Probability), negative);
        }

        Node layer = run.FindLayer(network, run.Get(Layer));
        if (run.IsGiven(s_channel) && run.IsGiven(s_neuron))
        {
            throw new InputException("--channel and --neuron: give one of them");
        }

        return run.Get(s_channel) is { } channel ? OfChannel(network, layer, ChannelOf(channel, network, layer), negative)
            : run.Get(s_neuron) is { } neuron ? OfNeuron(network, layer, neuron, negative)
            : new VisualizeTarget(Named(layer.Name, negative), $"layer {layer.Name}", new LayerObjective(layer), negative);

        Option? First(params Option[] options) => options.FirstOrDefault(run.IsGiven);
    }

    /// <exception cref="InputException">The network has no classes.</exception>
    internal static void RequireClasses(Network network, string option, string instead)
    {
        if (network.Classes == 0)
        {
            throw new InputException($"{option}: {network.Name} has no classes; give {instead}, such as of its output "
                + $"'{network.Output.Name}', which gives {network.OwnShapes[^1]}");
        }
    }

    /// <summary>A class's logit, or its log-probability.</summary>
    internal static VisualizeTarget OfClass(Network network, int c, bool probability, bool negative)
    {
        Objective unit = probability ? new LogProbabilityObjective(network, c) : new LogitObjective(network, c);
        return new VisualizeTarget(Named($"class-{c}", negative), $"class {c} {Output.TargetWords.Short(network.Labels[c])}", unit,
            negative) { Class = c };
    }

    /// <summary>A channel's mean.</summary>
    internal static VisualizeTarget OfChannel(Network network, Node layer, int channel, bool negative)
    {
        Shape shape = ShapeOf(network, layer);
        return channel >= 0 && channel < shape[1]
            ? new VisualizeTarget(Named($"{layer.Name}-{channel}", negative), $"channel {layer.Name}:{channel}",
            new ChannelObjective(layer, channel), negative) { Layer = layer, Channel = channel }
            : throw new InputException($"--channel {channel}: layer {layer.Name} has channels 0 to {shape[1] - 1}");
    }

    private static int ChannelOf(string text, Network network, Node layer) =>
        UnitList.Number(text) is { } channel && channel < ShapeOf(network, layer)[1]
        ? channel
        : throw new InputException($"--channel '{text}': layer {layer.Name} has channels 0 to {ShapeOf(network, layer)[1] - 1}");

    private static VisualizeTarget OfNeuron(Network network, Node layer, string text, bool negative)
    {
        Shape shape = ShapeOf(network, layer);
        int[] numbers = [
            .. text.Split(',').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        if (numbers.Length is not (1 or 3) || numbers.Contains(-1))
        {
            throw new InputException($"--neuron '{text}': expected K or K,Y,X, such as 264 or 264,7,7");
        }

        (int height, int width) = shape.Rank == 4 ? (shape[2], shape[3]) : (1, 1);
        (int y, int x) = numbers.Length == 3 ? (numbers[1], numbers[2]) : (height / 2, width / 2);
        if (numbers[0] >= shape[1] || y >= height || x >= width)
        {
            throw new InputException(
                $"--neuron '{text}': layer {layer.Name} gives {shape}, expected a channel below {shape[1]} and a place inside its map");
        }

        string name = shape.Rank == 4 ? $"{layer.Name}-{numbers[0]}-{y}-{x}" : $"{layer.Name}-{numbers[0]}";
        Objective unit = shape.Rank == 4 ? new NeuronObjective(layer, numbers[0], numbers.Length == 3 ? (y, x) : null)
            : new ChannelObjective(layer, numbers[0]);
        return new VisualizeTarget(Named(name, negative), $"neuron {layer.Name}:{numbers[0]},{y},{x}", unit, negative) { Layer = layer,
            Channel = numbers[0] };
    }

    private static VisualizeTarget OfText(string text, Objective objective, bool negative)
    {
        string name = new([.. text.Where(c => c != ' ').Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' ? c : '_')]);
        return new VisualizeTarget(Named(name.Length <= 80 ? name : name[..80], negative), text, objective, negative);
    }

    private static Shape ShapeOf(Network network, Node layer) =>
        network.OwnShapes[layer.Id];

    private static string Named(string name, bool negative) => negative ? $"{name}-negative" : name;
}
