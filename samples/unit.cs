// Shows what a channel looks for:   dotnet run -c Release samples/unit.cs -- features.28 462 photos/
// Writes unit.png, an image optimised for the channel, and lists the photos of the folder that excite the channel most.
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Weights;

if (args.Length < 3)
{
    Console.Error.WriteLine("usage: unit LAYER CHANNEL FOLDER [STEPS]");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    Node layer = network.Find(args[0]);
    int channel = int.Parse(args[1]);

    using var visualizer = new Visualizer(network, backend);
    Objective objective = new ChannelObjective(layer, channel) - 500 * new TotalVariationObjective();
    var options = new VisualizationOptions { Steps = args.Length > 3 ? int.Parse(args[3]) : 256 };
    VisualizationResult seen = visualizer.Run(objective, options);
    ImageFile.WritePng("unit.png", seen.Image(0));

    IReadOnlyList<Prediction> top = visualizer.Check.Facts(seen.Image(0), 5, layer, channel).Top;
    Console.WriteLine($"unit.png: taken for {string.Join(", ", top.Select(p => $"{p.Label} {p.Probability:p1}"))}");

    using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
    var run = new LayerRun(explainer, layer);
    var most = new TopExamples(count: 5, least: false, ExampleRank.Max);
    foreach (string file in ImageList.Of(args[2]).Files)
    {
        (Shape shape, float[] values) = run.Activations(NetworkInput.Read(file, network), CancellationToken.None);
        most.Offer(file, null, UnitReading.Of(values, shape, 0, channel));
    }

    foreach (UnitExample example in most.Best)
    {
        Console.WriteLine($"{example.Value,8:f2}  at {example.Y},{example.X} of the map  {example.Image}");
    }

    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
