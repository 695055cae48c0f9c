// Scores a folder of class folders with an ML.NET pipeline and explains what it gets wrong: is it the network, or what the network was fed?
// ONNX Runtime is named by the system:  dotnet run -c Release -p:OnnxRuntime=Microsoft.ML.OnnxRuntime samples/ml-net.cs -- net.onnx photos/
#:project ../Weights/Weights.csproj
#:package Microsoft.ML
#:package Microsoft.ML.ImageAnalytics
#:package Microsoft.ML.OnnxTransformer
#:package Microsoft.ML.OnnxRuntime.Managed
#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;
using Interp.Weights.Raw;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: ml-net MODEL.onnx FOLDER [MODEL'S FOLDER, as 'interp-cli convert' wrote it]");
    return 2;
}

// FOLDER holds folders called by their class's label or WordNet id. A converted model knows how its images are prepared.
string folder = args.Length > 2
    ? args[2]
    : ModelConverter.Convert(new ConversionRequest(args[0], Path.GetFileNameWithoutExtension(args[0]))).Folder;
Network network = RawModel.Open(folder);
(int height, int width) = (network.Preprocessing.Height, network.Preprocessing.Width);

// The pipeline as one writes it: resize, take the pixels out, run the graph. ExtractPixels knows one offset and one scale for all channels,
// has no /255 by default, and the order of colours is an option: each is a way to be quietly wrong.
var ml = new MLContext(seed: 0);
Image[] images = [.. ImageList.Of(args[1]).Files.Select(f => new Image { Path = Path.GetFullPath(f) })];
using var names = new Microsoft.ML.OnnxRuntime.InferenceSession(args[0]);
(string input, string output) = (names.InputNames[0], names.OutputNames[0]);
IDataView data = ml.Data.LoadFromEnumerable(images);
var pipeline = ml.Transforms.LoadImages("bitmap", "", nameof(Image.Path))
    .Append(ml.Transforms.ResizeImages("bitmap", width, height, resizing: ImageResizingEstimator.ResizingKind.IsoCrop))
    .Append(ml.Transforms.ExtractPixels(input, "bitmap", orderOfExtraction: ColorsOrder.ABGR, scaleImage: 1 / 255f))
    .Append(ml.Transforms.ApplyOnnxModel([output], [input], args[0]));
IDataView scored = pipeline.Fit(data).Transform(data);
float[][] scores = [.. scored.GetColumn<float[]>(output)], tensors = [.. scored.GetColumn<float[]>(input)];

using var backend = new CpuBackend();
using var explainer = new Explainer(network, backend);
AttributionMethod method = AttributionCatalog.All.Find("gradcam");
int right = 0, mended = 0;
for (int i = 0; i < images.Length; i++)
{
    string name = Path.GetFileName(Path.GetDirectoryName(images[i].Path))!;
    int truth = WordNetIds.ClassOf(name, network.Labels) ?? network.Labels.Find(name), said = Array.IndexOf(scores[i], scores[i].Max());
    right += said == truth ? 1 : 0;
    if (said == truth)
    {
        continue;
    }

    NetworkInput own = NetworkInput.Read(images[i].Path, network)[0];
    int c = explainer.Predict(own)[0].Class;
    mended += c == truth ? 1 : 0;
    var target = new ClassTarget(c, Against: c == truth ? said : truth);
    AttributionResult map = method.Explain(new AttributionRequest(explainer, own, target, method.Configure()));
    ImageFile.WritePng($"{name}-{Path.GetFileNameWithoutExtension(images[i].Path)}.png", AttributionImages.Render(map, own, "overlay"));
    Console.WriteLine($"{name}: ML.NET says {network.Labels[said]}; as the network wants its input, {network.Labels[c]}; fed was "
        + $"{tensors[i].Min():g3} to {tensors[i].Max():g3}, wanted {own.Tensor.Min():g3} to {own.Tensor.Max():g3}");
}

Console.WriteLine($"{right} of {images.Length} right; {mended} of the others are right with the network's own preprocessing");
return 0;

internal sealed class Image
{
    public string Path { get; set; } = "";
}
