using Interp.Engine.Common;

namespace Interp.Weights;

/// <summary>A weight file at PyTorch's public address.</summary>
/// <param name="Name">The architecture: <c>vgg16</c>, <c>vgg16_bn</c>.</param>
/// <param name="FileName">The file's name, which carries the first 8 hexadecimal digits of its SHA-256.</param>
public sealed record PretrainedWeights(string Name, string FileName)
{
    /// <summary>All known files.</summary>
    public static Catalog<PretrainedWeights> All { get; } = new("pretrained model", p => p.Name);

    /// <summary>Downloads the file with resume and checks its hash; returns its path.</summary>
    public string Fetch(string folder, Action<long, long>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException(folder);
}
