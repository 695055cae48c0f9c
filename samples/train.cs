// Trains a small network with TorchSharp, saves its weights as safetensors and explains it with Interp. LibTorch itself is named by the
// system:   dotnet run -c Release -p:LibTorch=libtorch-cpu-linux-x64 samples/train.cs    (or libtorch-cpu-win-x64, libtorch-cpu-osx-arm64)
#:project ../Weights/Weights.csproj
#:package TorchSharp
#:package TorchSharp.PyBridge

using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Weights;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

const int Size = 64;
string[] labels = ["disc", "square"];
Preprocessing preprocessing = Preprocessing.ImageNet.WithInputSize(Size);

// torchvision's names, so that the architecture is seen in the file: convolutions features.N, linear layers classifier.N.
using var model = Sequential(
    ("features", Sequential(
        ("0", Conv2d(3, 16, 3, padding: 1)), ("1", ReLU()), ("2", MaxPool2d(2)),
        ("3", Conv2d(16, 32, 3, padding: 1)), ("4", ReLU()), ("5", MaxPool2d(2)))),
    ("avgpool", AdaptiveAvgPool2d(4)),
    ("flatten", Flatten()),
    ("classifier", Sequential(("0", Linear(32 * 4 * 4, labels.Length)))));

manual_seed(1);
var random = new Random(1);
var optimizer = optim.Adam(model.parameters(), lr: 2e-3);
for (int step = 0; step < 150; step++)
{
    using DisposeScope scope = NewDisposeScope();
    (RgbImage Image, long Class)[] drawn = [.. Enumerable.Range(0, 16).Select(i => (Draw(i % 2), (long)(i % 2)))];
    Tensor x = stack(drawn.Select(d => tensor(Normalization.ToTensor(d.Image, preprocessing), [3, Size, Size])));
    Tensor loss = functional.cross_entropy(model.forward(x), tensor(drawn.Select(d => d.Class).ToArray()));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step % 50 == 49)
    {
        Console.WriteLine($"step {step + 1}: loss {loss.item<float>():f4}");
    }
}

model.save_safetensors("shapes.safetensors");
File.WriteAllLines("shapes.txt", labels);
ModelConverter.Convert(new ConversionRequest("shapes.safetensors", "shapes") { LabelsFile = "shapes.txt", InputSize = Size });

Network network = ModelStore.Load("./shapes");
using var backend = new CpuBackend();
using var explainer = new Explainer(network, backend);
ImageFile.WritePng("square.png", Draw(1));
NetworkInput input = NetworkInput.Read("square.png", network)[0];
AttributionMethod method = AttributionCatalog.All.Find("lrp");
AttributionResult result = method.Explain(new AttributionRequest(explainer, input, new ClassTarget(1), method.Configure()));
ImageFile.WritePng("overlay.png", AttributionImages.Render(result, input));
Console.WriteLine($"{explainer.Predict(input)[0].Label}, {result.Probability:p1}: overlay.png");

// A bright shape at a random place on a dark ground.
RgbImage Draw(int shape)
{
    (int cx, int cy, int r) = (random.Next(16, Size - 16), random.Next(16, Size - 16), random.Next(8, 14));
    var pixels = new byte[3 * Size * Size];
    for (int i = 0; i < Size * Size; i++)
    {
        (int dx, int dy) = (Math.Abs((i % Size) - cx), Math.Abs((i / Size) - cy));
        bool inside = shape == 0 ? (dx * dx) + (dy * dy) < r * r : Math.Max(dx, dy) < r;
        pixels.AsSpan(3 * i, 3).Fill((byte)((inside ? 180 : 40) + random.Next(40)));
    }

    return new RgbImage(Size, Size, pixels);
}
