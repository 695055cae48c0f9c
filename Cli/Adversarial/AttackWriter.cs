using System.Globalization;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Adversarial;

/// <summary>The files of one attack on one image.</summary>
/// <param name="folder">Where they go.</param>
/// <param name="surface">The clean image.</param>
internal sealed class AttackWriter(ResultFolder<AttackManifest> folder, Surface surface)
{
    internal const string Adversarial = "adversarial.png", Original = "original.png", Difference = "difference.png";
    private const string Perturbation = "perturbation.npy", Claim = "adversarial.npy", Curve = "curve.csv";

    private readonly List<string> _files = [];

    /// <summary>What differences are multiplied with.</summary>
    internal double Factor { get; private set; } = 1;

    /// <summary>The image that counts.</summary>
    internal string AdversarialPath => Path.Combine(folder.Path, Adversarial);

    /// <summary>Writes the images, the perturbation and the curve.</summary>
    internal void Write(AttackResult result)
    {
        Add(Adversarial, s => s.Write(Encode(result.Image)));
        Add(Original, s => s.Write(Encode(result.Clean)));
        Add(Perturbation, s => Npy.Write(s, new Shape(3, result.Image.Height, result.Image.Width), result.Perturbation()));
        if (result.Levels.Any(v => v != MathF.Floor(v)))
        {
            Add(Claim, s => Npy.Write(
                s, new Shape(surface.Channels, surface.Window.Height, surface.Window.Width), [.. result.Levels.Select(v => v / 255)]));
        }

        (RgbImage difference, Factor) = DifferenceImage.Of(result.Clean, result.Image);
        Add(Difference, s => s.Write(PngChunks.Encode(difference)));
        Add(Curve, s => s.Write(Encoding.UTF8.GetBytes(CurveOf(result))));
    }

    /// <summary>Writes a file.</summary>
    internal void Add(string file, Action<Stream> write)
    {
        OutputFile.CreateFolder(Path.GetDirectoryName(Path.Combine(folder.Path, file))!, AttackFlags.Out.Name);
        folder.Add(file, write);
        _files.Add(file);
    }

    /// <summary>The manifest with the files.</summary>
    internal AttackManifest Finish(AttackManifest manifest) => manifest with { Files = [.. _files], Sha256 = folder.SumsOf(_files) };

    /// <summary>A network's input says of itself that it is one; a file is prepared like any other.</summary>
    private byte[] Encode(RgbImage image) =>
        surface.Name == SurfaceChoice.Network ? PngChunks.EncodePrepared(image) : PngChunks.Encode(image);

    private static string CurveOf(AttackResult result)
    {
        var table = new CsvTable();
        table.Add(["step", "margin", "probability_from", "probability_other"]);
        foreach (AttackStep step in result.Steps)
        {
            table.Add([step.Index.ToString(CultureInfo.InvariantCulture), CsvTable.Number(step.Margin), CsvTable.Number(step.From),
                CsvTable.Number(step.Other)]);
        }

        return table.ToString();
    }
}
