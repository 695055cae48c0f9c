// Measures how far maps can be believed:   dotnet run -c Release samples/evaluate.cs -- photos/ gradcam,lrp,guided
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: evaluate FOLDER METHOD[,METHOD...]");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    AttributionMethod[] methods = [.. args[1].Split(',').Select(AttributionCatalog.All.Find), .. BaselineMaps.All];

    EvidenceMetric[] metrics = [.. new[] { "deletion", "insertion", "random-logit" }.Select(EvidenceCatalog.All.Find)];
    var board = new EvidenceBoard(metrics, new EvidenceOptions { CurveSteps = 10 });
    var rows = new List<(AttributionMethod Method, MapEvidence Evidence)>();
    foreach (NetworkInput input in ImageList.Of(args[0]).Files.SelectMany(file => NetworkInput.Read(file, network)))
    {
        var target = new ClassTarget(explainer.Predict(input)[0].Class);
        foreach (AttributionMethod method in methods)
        {
            var question = new AttributionRequest(explainer, input, target, method.Configure());
            MapEvidence evidence = board.Measure(question, method.Explain(question));
            rows.Add((method, evidence));
            foreach (Verdict verdict in evidence.Verdicts.Where(_ => !BaselineMaps.All.Contains(method)))
            {
                Console.WriteLine($"{Path.GetFileName(input.Path)}, {method.Name}: {verdict.Text}");
            }
        }
    }

    Console.WriteLine($"{"mean",-16} {string.Join(' ', metrics.Select(m => $"{m.Name,12}"))}");
    foreach (var same in rows.GroupBy(r => r.Method.Name))
    {
        Console.WriteLine(
            $"{same.Key,-16} {string.Join(' ', metrics.Select(m => $"{same.Average(r => r.Evidence[m.Columns[0].Name]),12:f3}"))}");
    }

    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
