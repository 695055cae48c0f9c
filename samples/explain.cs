// Shows which pixels a class score comes from:   dotnet run -c Release samples/explain.cs -- cat.jpg [METHOD] [CLASS]
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: explain IMAGE [METHOD] [CLASS]");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    NetworkInput input = NetworkInput.Read(args[0], network)[0];
    int c = args.Length > 2 ? network.Labels.Find(args[2]) : explainer.Predict(input)[0].Class;

    AttributionMethod method = AttributionCatalog.All.Find(args.Length > 1 ? args[1] : "gradcam");
    var request = new AttributionRequest(explainer, input, new ClassTarget(c), method.Configure());
    AttributionResult result = method.Explain(request);
    ImageFile.WritePng("overlay.png", AttributionImages.Render(result, input, "overlay"));

    Console.WriteLine($"{network.Labels[c]}, {result.Probability:p1}: {method.Title} {result.Shape}, overlay.png");
    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
