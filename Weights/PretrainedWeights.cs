using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Pretrained;

namespace Interp.Weights;

/// <summary>A weight file at PyTorch's public address.</summary>
/// <param name="Name">
/// The network's function in <c>torchvision.models</c> for the weights that are its default there (<c>vgg16</c>, <c>resnet50</c>); with the
/// weights' name for the others (<c>resnet50:IMAGENET1K_V1</c>).
/// </param>
/// <param name="FileName">The file's name, which carries the first 8 or 10 hexadecimal digits of its SHA-256.</param>
public sealed record PretrainedWeights(string Name, string FileName)
{
    /// <summary>
    /// All known files: torchvision's classifiers, trained on ImageNet's 1000 classes, in the order of their names, the default first of
    /// those of one network.
    /// </summary>
    public static Catalog<PretrainedWeights> All { get; } = new("pretrained model", p => p.Name, [.. PretrainedTable.Read()]);

    /// <summary>The function of <c>torchvision.models</c> that builds the network: <c>resnet50</c>.</summary>
    public string Architecture { get; init; } = Name.Split(':')[0];

    /// <summary>The weights' name in torchvision: <c>IMAGENET1K_V2</c>.</summary>
    public string Variant { get; init; } = Name.Split(':')[^1];

    /// <summary>How images are prepared for these weights.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.ImageNet;

    /// <summary>Percentage of ImageNet's validation images whose class these weights find; null where that is not known.</summary>
    public double? Top1 { get; init; }

    /// <summary>Number of parameters, four bytes each in the file.</summary>
    public long Parameters { get; init; }

    /// <summary>Where the file lies.</summary>
    public Uri Address => new(PublicAddress, FileName);

    /// <summary>Whether the file's classifier holds numbers.</summary>
    internal bool HasClassifier { get; init; } = true;

    /// <summary>The name that the same weights had in an earlier torchvision, in a file with another hash; null if they had none.</summary>
    internal string? FormerFileName { get; init; }

    /// <summary>The hexadecimal digits with which the file's SHA-256 starts.</summary>
    internal string HashPrefix => PrefixIn(FileName);

    private static Uri PublicAddress { get; } = new("https://download.pytorch.org/models/");

    /// <summary>
    /// The weights of a name: <c>resnet50</c> means torchvision's default, and every weights' full name is known too
    /// (<c>resnet50:IMAGENET1K_V2</c>). Case is ignored.
    /// </summary>
    /// <exception cref="InputException">There are none; the message names some that begin alike.</exception>
    public static PretrainedWeights Find(string name) => TryFind(name) ?? throw new InputException(
        $"'{Text.OneLine(name)}': no such file, and no weights of torchvision's are called so; there are "
        + $"{string.Join(", ", Alike(name).Take(8))}, … (option 'list' shows all)");

    /// <summary>The weights of a name, or null.</summary>
    internal static PretrainedWeights? TryFind(string name) => All.FirstOrDefault(
        p => ((string[])[p.Name, $"{p.Architecture}:{p.Variant}"]).Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// Which weights a file holds: by its content's SHA-256 if that begins like a listed one, else by its name if that is exactly a listed
    /// file's; null if neither.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static (PretrainedWeights Weights, bool ByHash)? Recognize(string path, CancellationToken cancel) =>
        Recognize(Path.GetFileName(path), FileHash.Compute(path, cancel));

    /// <summary>The same from the file's name and its SHA-256.</summary>
    internal static (PretrainedWeights Weights, bool ByHash)? Recognize(string name, string hash) =>
        All.FirstOrDefault(p => p.FileNames.Any(f => hash.StartsWith(PrefixIn(f), StringComparison.Ordinal))) is { } same
            ? (same, true)
            : All.FirstOrDefault(p => p.FileNames.Contains(name, StringComparer.Ordinal)) is { } named ? (named, false) : null;

    /// <summary>
    /// Downloads the file and returns its path; a file that is there already and has the right hash is taken as it is. What has been
    /// received is kept as <c>FILE.part</c> when the transfer ends early, and the next call goes on from there. The file gets its name when
    /// its hash is right.
    /// </summary>
    /// <param name="folder">Where to put it.</param>
    /// <param name="progress">Called with bytes received and bytes in all (0 if the server does not say).</param>
    /// <param name="cancel">Ends the transfer.</param>
    /// <exception cref="ModelException">The weights are no classifier's.</exception>
    /// <exception cref="InputException">The server cannot be reached, does not have the file, or sends one with another hash.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public string Fetch(string folder, Action<long, long>? progress = null, CancellationToken cancel = default) =>
        Fetch(folder, Address, progress, cancel);

    /// <summary>Downloads the file from the given address.</summary>
    internal string Fetch(string folder, Uri address, Action<long, long>? progress, CancellationToken cancel)
    {
        RequireClassifier();
        string path = Path.Combine(folder, FileName);
        new Download(address, path, HashPrefix).Run(progress, cancel);
        return path;
    }

    /// <exception cref="ModelException">The weights are no classifier's.</exception>
    internal void RequireClassifier()
    {
        if (!HasClassifier)
        {
            throw new ModelException($"torchvision's {Name} weights are the backbone of detectors: their classifier holds no numbers, so "
                + $"there is no class to explain; convert {Architecture}");
        }
    }

    private IEnumerable<string> FileNames => FormerFileName is null ? [FileName] : [FileName, FormerFileName];

    private static string PrefixIn(string fileName) => Path.GetFileNameWithoutExtension(fileName)[(fileName.LastIndexOf('-') + 1)..];

    /// <summary>Names that begin like one, those with the longest common beginning first.</summary>
    private static IEnumerable<string> Alike(string name) => All.Names.OrderByDescending(
        n => n.Zip(name).TakeWhile(p => char.ToLowerInvariant(p.First) == char.ToLowerInvariant(p.Second)).Count());
}
