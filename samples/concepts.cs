// Which textures a class depends on:   dotnet run -c Release samples/concepts.cs -- features.30 tabby cats/
// Tests generated textures and colours against each other, on the photos of a folder, and says what chance gives beside it.
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;

if (args.Length < 3)
{
    Console.Error.WriteLine("usage: concepts LAYER CLASS FOLDER [IMAGES PER CONCEPT]");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    int count = args.Length > 3 ? int.Parse(args[3]) : 30;

    var photos = ImageSet.OfFiles(args[1], ImageList.Of(args[2]).Files, network);
    string[] names = ["striped", "dotted", "grid", "zigzagged", "red", "yellow"];
    ImageSet[] concepts = [.. names.Select(n => ImageSet.Generated(n, network, count, seed: 0))];
    var options = new ConceptTestOptions { Relative = true, Pool = FeaturePool.Mean };
    ClassPhotos[] classes = [new ClassPhotos(network.Labels.Find(args[1]), photos)];
    ConceptTestResult result = ConceptTest.Run(explainer, network.Find(args[0]), classes, concepts, random: null, options);

    foreach (ConceptScore s in result.Classes[0].Scores)
    {
        Console.WriteLine($"{s.Concept,-10} {s.Score:0.00}, chance {s.RandomRange.Low:0.00} to {s.RandomRange.High:0.00}, "
            + $"p {s.P:0.000}, corrected {s.PCorrected:0.000} {s.Stars}");
    }

    Console.WriteLine($"of {result.FalsePositives!.Of} held-out random concepts, {result.FalsePositives.Count} are significant at 0.05");
    foreach (string warning in result.Warnings)
    {
        Console.WriteLine(warning);
    }

    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
