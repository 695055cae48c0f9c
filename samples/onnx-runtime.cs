// Predicts images with ONNX Runtime and explains those very predictions: one .onnx file, one input, two engines. ONNX Runtime itself is
// named by the system:   dotnet run -c Release -p:OnnxRuntime=Microsoft.ML.OnnxRuntime samples/onnx-runtime.cs -- net.onnx photos/
#:project ../Weights/Weights.csproj
#:package Microsoft.ML.OnnxRuntime.Managed

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;
using Microsoft.ML.OnnxRuntime;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: onnx-runtime MODEL.onnx IMAGE|FOLDER [LABELS]");
    return 2;
}

try
{
    string folder = Path.GetFileNameWithoutExtension(args[0]);
    ModelInfo info = ModelConverter.Convert(new ConversionRequest(args[0], folder) { LabelsFile = args.Length > 2 ? args[2] : null });
    foreach (string assumption in info.Assumptions)
    {
        Console.WriteLine($"assumed: {assumption}"); // Read these once: what is wrong here is wrong for both engines.
    }

    Network network = ModelStore.Load($"./{folder}");
    using var theirs = new InferenceSession(args[0]);
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    AttributionMethod method = AttributionCatalog.All.Find("gradcam");
    double worst = 0;
    foreach (string file in ImageList.Of(args[1]).Files)
    {
        NetworkInput input = NetworkInput.Read(file, network)[0];
        float[] scores = Run(theirs, input), own = explainer.Forward(input, [], CancellationToken.None).Activation(network.Output);
        double[] values = [.. own.Select(v => (double)v)], shares = network.Classes > 0 ? network.OutputActivation.Probabilities(own) : [];
        worst = Math.Max(worst, Math.Min(Off(values, scores), Off(shares, scores))); // A file may give logits or probabilities.
        int said = Array.IndexOf(scores, scores.Max()), ours = Array.IndexOf(own, own.Max());
        string name = Path.GetFileNameWithoutExtension(file), label = network.Classes > 0 ? network.Labels[said] : $"unit {said}";
        Console.WriteLine($"{name}: {label}{(said == ours ? "" : $"; Interp says {ours}")}");
        if (network.Classes > 0)
        {
            var request = new AttributionRequest(explainer, input, new ClassTarget(said), method.Configure());
            ImageFile.WritePng($"{name}.png", AttributionImages.Render(method.Explain(request), input, "overlay"));
        }
    }

    Console.WriteLine($"largest difference {worst:e1}");
    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

// What ONNX Runtime gives for the same tensor. Interp's are [C,H,W]; a file whose input is [N,H,W,C] gets it turned.
static float[] Run(InferenceSession session, NetworkInput input)
{
    (int height, int width) = (input.Image.Height, input.Image.Width);
    (int plane, int channels) = (height * width, input.Tensor.Length / (height * width));
    bool last = session.InputMetadata[session.InputNames[0]].Dimensions[^1] == channels;
    float[] tensor = last
        ? [.. Enumerable.Range(0, input.Tensor.Length).Select(i => input.Tensor[(i % channels * plane) + (i / channels)])]
        : input.Tensor;
    using var value = OrtValue.CreateTensorValueFromMemory(tensor, last ? [1, height, width, channels] : [1, channels, height, width]);
    using var options = new RunOptions();
    using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, [session.InputNames[0]], [value], session.OutputNames);
    return results[0].GetTensorDataAsSpan<float>().ToArray();
}

static double Off(double[] a, float[] b) => a.Length != b.Length ? double.PositiveInfinity : a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
