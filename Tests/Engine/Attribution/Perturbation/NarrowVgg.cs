using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Attribution.Perturbation;

/// <summary>The narrow VGG11-BN of the goldens with the first of its images, 45×33.</summary>
internal sealed class NarrowVgg : IDisposable
{
    private const string Name = "vgg11_bn";
    private readonly TemporaryFolder _folder = new();

    public NarrowVgg()
    {
        ModelConverter.Convert(new ConversionRequest(Golden.Path(Name, $"{Name}.pth"), _folder[Name]));
        Network = ModelStore.Load(_folder[Name]);
    }

    public Network Network { get; }

    public AttributionResult Explain(Explainer explainer, string method, params string[] options)
    {
        (Shape shape, float[] values) = Golden.Array(Name, "input.npy");
        int each = values.Length / shape[0];
        var input = new NetworkInput("golden", new RgbImage(shape[3], shape[2], new byte[each]), values[..each], "");
        AttributionRequest request = Requests.Of(explainer, method, new ClassTarget(Golden.Json<int[]>(Name, "classes.json")[0]), options);
        return AttributionCatalog.All.Find(method).Explain(request with { Input = input, Seed = 7 });
    }

    public void Dispose() => _folder.Dispose();
}
