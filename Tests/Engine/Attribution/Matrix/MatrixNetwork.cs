using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Matrix;

/// <summary>A network of a shape that users have, with the size of the images that it gets. A new family is one line in <see
/// cref="All"/>.</summary>
/// <param name="Name">Shown with the test's result.</param>
/// <param name="Make">Makes the network.</param>
/// <param name="Height">The image's height.</param>
/// <param name="Width">The image's width.</param>
internal sealed record MatrixNetwork(string Name, Func<Network> Make, int Height, int Width)
{
    /// <summary>Every shape.</summary>
    public static IReadOnlyList<MatrixNetwork> All { get; } =
    [
        Square("VGG16 at 224: 7x7 maps, pooled to 7x7", 224, s => VggNets.Make(16, s)),
        Square("VGG19 at 224: 7x7 maps, pooled to 7x7", 224, s => VggNets.Make(19, s)),
        Square("VGG11 with batch norm at 224", 224, s => VggNets.Make(11, s, norm: true)),
        Square("VGG16 at 96: 3x3 maps, pooled to 7x7", 96, s => VggNets.Make(16, s)),
        Square("VGG11 at 299: 9x9 maps, pooled to 7x7", 299, s => VggNets.Make(11, s)),
        Square("VGG11 at 32: 1x1 maps, pooled to 7x7", 32, s => VggNets.Make(11, s)),
        new("VGG11 at 160x96: 5x3 maps, pooled to 7x7", () => VggNets.Make(11, 224), 160, 96),
        Square("VGG16 with batch norm at 32, one linear layer, as for CIFAR", 32, s =>
        VggNets.Make(16, s, classes: 10, poolTo: 1, hidden: 0, norm: true)),
        Square("VGG16 at 128: 4x4 maps, global average pool and one linear layer", 128, s => VggNets.Make(16, s, poolTo: 1, hidden: 0)),
        Square("VGG11 at 64, one class", 64, s => VggNets.Make(11, s, classes: 1)),
        Square("VGG11 at 64, two classes", 64, s => VggNets.Make(11, s, classes: 2)),
        Square("residual and inception block", 33, _ => TinyNets.Diamond()),
        Square("depthwise convolutions", 61, _ => TinyNets.Mobile()),
        Square("one linear layer and nothing else", 12, s => TinyNets.Regression(s, 5)),
        Square("grey digits at 28", 28, ShapeNets.Grey),
        new("oblong at 33x30", ShapeNets.Oblong, 33, 30),
        Square("RGB at 16", 16, ShapeNets.Small),
        Square("RGB at 8", 8, ShapeNets.Small),
        Square("maps without classes at 16", 16, _ => ShapeNets.Maps()),
        Square("an embedding without classes at 16", 16, _ => ShapeNets.Embedding()),
        // SqueezeNet 1.0's coarse weights cancel at some pixels, where float32 leaves 1e-13: which values guided IG moves first is then a
        // matter of rounding. 1.1 stands for the family.
        .. TorchvisionGolden.Names.Where(n => n != "squeezenet1_0").Select(Narrow),
        .. LayerNets.Blocks.Select(b => Square(b.Key, 33, _ => b.Value())),
    ];

    /// <summary>The shape of that name.</summary>
    public static MatrixNetwork Find(string name) => All.Single(n => n.Name == name);

    /// <summary>A photo, cut to the size, in the network's units.</summary>
    public NetworkInput Photo(Network network)
    {
        RgbImage photo = ImageFile.Read(Repository.PathOf("Cli", "photos", "chelsea.png"));
        int side = Math.Max(Height, Width);
        RgbImage square = Resampling.ResizeAndCrop(photo, side, side);
        byte[] pixels = [.. Enumerable.Range(0, Height).SelectMany(y => square.Pixels.AsSpan(y * side * 3, Width * 3).ToArray())];
        var image = new RgbImage(Width, Height, pixels);
        image = network.InputChannels == 1 ? Luma.Of(image) : image;
        return new NetworkInput("photo", image, Normalization.ToTensor(image, network.Preprocessing), "");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A narrow network of a family of torchvision's, at the size of its golden.</summary>
    private static MatrixNetwork Narrow(string name)
    {
        (int height, int width) = TorchvisionGolden.SizeOf(name);
        return new MatrixNetwork($"narrow {name}", () => TorchvisionGolden.Load(name), height, width);
    }

    private static MatrixNetwork Square(string name, int size, Func<int, Network> make) => new(name, () => make(size), size, size);
}
