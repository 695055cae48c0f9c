using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Weights;

namespace Interp.Tests.Support;

/// <summary>
/// A narrow network of a torchvision family and what PyTorch makes of one image, in float64, rounded once to float32:
/// scripts/make_torchvision_goldens.py made it and says how. No decision hangs on float32 rounding. The files are unpacked into a folder of
/// the test's own, which lives as long as this object.
/// </summary>
internal sealed class TorchvisionGolden : IDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<Network>> s_networks = [];
    private readonly TemporaryFolder _folder = new();
    private readonly Case _case;

    private TorchvisionGolden(string name)
    {
        Name = name;
        foreach (string file in Directory.EnumerateFiles(Golden.Path("torchvision", name), "*.gz"))
        {
            using FileStream packed = File.OpenRead(file);
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            using FileStream plain = File.Create(_folder[Path.GetFileNameWithoutExtension(file)]);
            unpacked.CopyTo(plain);
        }

        _case = JsonSerializer.Deserialize<Case>(File.ReadAllText(_folder["case.json"]), JsonSerializerOptions.Web)!;
    }

    /// <summary>All cases, in alphabetical order; every family has at least one.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateDirectories(Golden.Path("torchvision")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    /// <summary>The case, as <c>resnext50</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// torchvision's builder of this architecture, as <c>resnext50_32x4d</c>; the network has its graph with fewer channels or blocks.
    /// </summary>
    public string Network => _case.Network;

    /// <summary>Path of the state dict in float32, a safetensors file.</summary>
    public string Weights => _folder["weights.safetensors"];

    /// <summary>The class of the logit whose gradients these are.</summary>
    public int Target => _case.Target;

    /// <summary>The image, [1,3,H,W].</summary>
    public (Shape Shape, float[] Values) Input => Read("input");

    /// <summary>The logits, [1,7].</summary>
    public (Shape Shape, float[] Values) Logits => Read("logits");

    /// <summary>The node whose value <see cref="Feature"/> is.</summary>
    public string FeatureNode => _case.Feature;

    /// <summary>The value of a node in the middle.</summary>
    public (Shape Shape, float[] Values) Feature => Read("feature");

    /// <summary>
    /// The L2 norm of the value of every node, in the order of execution: it finds the first that differs. A convolution into which a batch
    /// norm folds has the norm of the batch norm's value.
    /// </summary>
    public IReadOnlyDictionary<string, double> Norms => _case.Norms;

    /// <summary>Unpacks a case.</summary>
    public static TorchvisionGolden Open(string name) => new(name);

    /// <summary>The network of a case, converted from its weight file, with the image's height as its input size; made once.</summary>
    public static Network Load(string name) => s_networks.GetOrAdd(name, n => new Lazy<Network>(() =>
    {
        using TorchvisionGolden golden = Open(n);
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(golden.Weights, folder[n]) { InputSize = Math.Max(32, golden.Input.Shape[2]) });
        return ModelStore.Load(folder[n]); // the weights stay mapped
    })).Value;

    /// <summary>Height and width of a case's image.</summary>
    public static (int Height, int Width) SizeOf(string name)
    {
        using TorchvisionGolden golden = Open(name);
        return (golden.Input.Shape[2], golden.Input.Shape[3]);
    }

    /// <summary>The gradient of the target's logit with respect to the input under a rule: vanilla, guided or deconvnet.</summary>
    public (Shape Shape, float[] Values) Gradient(string rule) =>
        Read(File.Exists(_folder[$"{rule}.npy"]) ? rule : "vanilla"); // the script leaves out what no ReLU makes different

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private (Shape Shape, float[] Values) Read(string file) => Npy.Read(_folder[$"{file}.npy"]);

    private sealed record Case(string Network, int Target, string Feature, Dictionary<string, double> Norms);
}
