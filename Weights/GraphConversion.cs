using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;
using Interp.Weights.Raw;

namespace Interp.Weights;

/// <summary>Converts files that hold a whole network as a graph of operators.</summary>
internal static class GraphConversion
{
    /// <summary>Converts an open graph.</summary>
    /// <inheritdoc cref="ModelConverter.Convert(ConversionRequest, Action{long, long}?, CancellationToken)"/>
    /// <param name="request">What to convert.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="import">Makes layers of it: <see cref="GraphImporter.Import"/>.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <param name="cancel">Checked at every piece of a tensor.</param>
    internal static ModelInfo Convert(
        ConversionRequest request, OperatorGraph graph, Func<OperatorGraph, ImportOptions, ImportedNetwork> import,
        Action<long, long>? progress, CancellationToken cancel)
    {
        string name = ModelConverter.Check(request);
        RequireNothingOfWeights(request, graph);
        try
        {
            ImportedNetwork network = import(graph, OptionsOf(request));
            ModelPlan plan = network.Plan;
            if (plan.Channels is not (1 or 3))
            {
                throw new ModelException($"its input has {plan.Channels} channels, expected 3 (RGB) or 1 (grey): only networks of images "
                    + "can be explained");
            }

            var input = new Sides(network.Height, network.Width);
            RequireSides(request, input);
            PreprocessingAssumption standard = PreprocessingAssumption.OfGraph(graph, plan.Channels, input);
            Preprocessing preprocessing = request.Preprocessing.Apply(Ordered(request.Preprocessing, standard.Preprocessing), null);
            OutputMeaning output = OutputMeaning.Of(
                request, ClassesOf(request, plan.Output(name, preprocessing)), graph.Labels, network.Activation);
            string[] assumptions = [.. graph.Assumptions, .. plan.Assumptions,
                .. standard.Said(request, preprocessing, ownUnits: false, ownSize: HoldsSize(graph)), .. output.Assumptions];
            new RawWriter(NoSource.Instance, request.DType, progress, cancel).Write(request.OutputFolder, name, plan, preprocessing,
                output.Labels, output.Activation, assumptions);
        }
        catch (ModelException e) when (!e.Message.Contains(graph.Path, StringComparison.Ordinal))
        {
            throw new ModelException($"{graph.Path}: {e.Message}", e);
        }

        return RawModel.Info(request.OutputFolder);
    }

    private static ImportOptions OptionsOf(ConversionRequest request)
    {
        Sides? cut = request.Preprocessing.Crop is null ? null : request.Preprocessing.Input(Preprocessing.ImageNet, null);
        return new ImportOptions { InputSize = request.Input ?? cut, Output = request.Output, ChannelsLast = request.ChannelsLast };
    }

    /// <summary>A row of outputs is one of classes unless the user says otherwise.</summary>
    private static int ClassesOf(ConversionRequest request, Shape output) =>
        output.Rank == 2 && !request.WithoutClasses ? output[1] : 0;

    /// <summary>Grey has no order of colours, which is said where one is asked for.</summary>
    private static Preprocessing Ordered(PreprocessingChoices choices, Preprocessing standard) =>
        standard.Channels == 1 ? standard : choices.Ordered(standard);

    /// <summary>Whether the file fixes all sides of the image.</summary>
    private static bool HoldsSize(OperatorGraph graph) =>
        graph.Inputs.Any(i => i.Shape is { Length: 4 } shape && shape.Skip(1).All(side => side is not null));

    private static void RequireSides(ConversionRequest request, Sides input)
    {
        (string Name, Sides? Asked)[] options =
            [("input-size", request.Input), ("crop", request.Preprocessing.Crop is null ? null : OptionsOf(request).InputSize)];
        foreach ((string option, Sides? asked) in options)
        {
            if (asked is { } other && other != input)
            {
                throw new InputException($"option '{option}' {other}: the file fixes the network's input at {input.Both}; leave it out");
            }
        }
    }

    private static void RequireNothingOfWeights(ConversionRequest request, OperatorGraph graph)
    {
        (string Name, string? Value)[] options =
        [
            ("arch", request.Architecture),
            ("pools", request.Pools is { } pools ? string.Join(',', pools) : null),
            ("weights", request.Weights),
        ];
        foreach ((string option, string? value) in options)
        {
            if (value is not null)
            {
                throw new InputException($"option '{option}' {Text.OneLine(value)}: {graph.Path} holds its own layers ({graph.Origin}), "
                    + "and the option is about files of weights alone; leave it out");
            }
        }
    }
}
