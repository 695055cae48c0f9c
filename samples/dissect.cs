// Says what the units of layers stand for:   dotnet run -c Release samples/dissect.cs -- features.22,features.29 [FOLDER]
// The folder holds images with labels, in any layout that is known; without one the generated patterns are taken.
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;
using Interp.Weights;

if (args.Length < 1)
{
    Console.Error.WriteLine("usage: dissect LAYER[,LAYER...] [FOLDER]");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
    LabelSet labels = args.Length > 1 ? LabelLayouts.Open(args[1]) : new PatternSet();

    Node[] layers = [.. args[0].Split(',').Select(network.Find)];
    var options = new DissectionOptions { Failed = Console.Error.WriteLine };
    foreach (Dissection layer in Dissector.Run(explainer, layers, labels, options))
    {
        DetectorCounts counts = layer.Counts;
        Console.WriteLine($"{layer.Layer}: {counts.Detectors} detectors, by chance {counts.ExpectedByChance:0.0}; "
            + $"{counts.Significant} significant units");
        foreach (UnitDissection unit in layer.Units.Where(u => u.IsSignificant).OrderByDescending(u => u.Overlap.Iou).Take(5))
        {
            Console.WriteLine($"  {unit.Channel} {layer.LabelOf(unit)?.Concept.Name}: IoU {unit.Overlap.Iou:0.000} of at most "
                + $"{unit.Overlap.Ceiling:0.000}, p {unit.P:0.000}");
        }
    }

    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
