using Interp.Engine.Common;
using Interp.Weights.Pretrained;

namespace Interp.Weights;

/// <summary>A weight file at PyTorch's public address.</summary>
/// <param name="Name">The architecture: <c>vgg16</c>, <c>vgg16_bn</c>.</param>
/// <param name="FileName">The file's name, which carries the first 8 hexadecimal digits of its SHA-256.</param>
public sealed record PretrainedWeights(string Name, string FileName)
{
    /// <summary>All known files: torchvision's VGG networks, trained on ImageNet's 1000 classes.</summary>
    public static Catalog<PretrainedWeights> All { get; } = new("pretrained model", p => p.Name,
        new("vgg11", "vgg11-8a719046.pth"),
        new("vgg11_bn", "vgg11_bn-6002323d.pth"),
        new("vgg13", "vgg13-19584684.pth"),
        new("vgg13_bn", "vgg13_bn-abd245e5.pth"),
        new("vgg16", "vgg16-397923af.pth"),
        new("vgg16_bn", "vgg16_bn-6c64b313.pth"),
        new("vgg19", "vgg19-dcbb9e9d.pth"),
        new("vgg19_bn", "vgg19_bn-c79401a0.pth"));

    /// <summary>Where the file lies.</summary>
    public Uri Address => new(PublicAddress, FileName);

    private static Uri PublicAddress { get; } = new("https://download.pytorch.org/models/");

    /// <summary>The hexadecimal digits with which the file's SHA-256 starts.</summary>
    internal string HashPrefix => Path.GetFileNameWithoutExtension(FileName)[(FileName.LastIndexOf('-') + 1)..];

    /// <summary>
    /// Downloads the file and returns its path; a file that is there already and has the right hash is taken as it is. What has been
    /// received is kept as <c>FILE.part</c> when the transfer ends early, and the next call goes on from there. The file gets its name when
    /// its hash is right.
    /// </summary>
    /// <param name="folder">Where to put it.</param>
    /// <param name="progress">Called with bytes received and bytes in all (0 if the server does not say).</param>
    /// <param name="cancel">Ends the transfer.</param>
    /// <exception cref="InputException">The server cannot be reached, does not have the file, or sends one with another hash.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public string Fetch(string folder, Action<long, long>? progress = null, CancellationToken cancel = default) =>
        Fetch(folder, Address, progress, cancel);

    /// <summary>Downloads the file from the given address.</summary>
    internal string Fetch(string folder, Uri address, Action<long, long>? progress, CancellationToken cancel)
    {
        string path = Path.Combine(folder, FileName);
        new Download(address, path, HashPrefix).Run(progress, cancel);
        return path;
    }
}
