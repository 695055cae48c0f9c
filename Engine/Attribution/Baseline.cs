using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Attribution;

/// <summary>
/// An image without the evidence: where a path of integrated gradients starts, what covers an occluded window, what deleted pixels become.
/// Made in the
/// network's normalised units, in which zero is the mean colour and not black.
/// </summary>
public sealed class Baseline
{
    private const int BlurRadius = 5;
    private const double BlurSigma = 5;
    private readonly Func<NetworkInput, Preprocessing, Rng, float[]> _make;

    private Baseline(string name, Func<NetworkInput, Preprocessing, float[]> make) : this(name, (x, p, _) => make(x, p))
    {
    }

    private Baseline(string name, Func<NetworkInput, Preprocessing, Rng, float[]> make) => (Name, _make) = (name, make);

    /// <summary>The pixel value 0: (0 − mean) / deviation.</summary>
    public static Baseline Black { get; } = new("black", (x, p) => Uniform(x, p, 0));

    /// <summary>The mean colour: zero in normalised units.</summary>
    public static Baseline Mean { get; } = new("mean", (x, _) => new float[x.Tensor.Length]);

    /// <summary>The pixel value 0.5.</summary>
    public static Baseline Grey { get; } = new("grey", (x, p) => Uniform(x, p, 0.5));

    /// <summary>The pixel value 1: (1 − mean) / deviation.</summary>
    public static Baseline White { get; } = new("white", (x, p) => Uniform(x, p, 1));

    /// <summary>
    /// The image itself behind a Gaussian of deviation 5 pixels and 11 pixels width, with the mean colour around it: what RISE's insertion
    /// starts from
    /// (V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421, official code).
    /// </summary>
    public static Baseline Blur { get; } = new(
        "blur", (x, _) => GaussianBlur.Apply(x.Tensor, x.Image.Height, x.Image.Width, BlurSigma, BlurRadius));

    /// <summary>A random colour for each pixel, every channel uniform in 0 to 1: another image for every draw.</summary>
    public static Baseline Noise { get; } = new("noise", Random);

    /// <summary>The name used on the command line.</summary>
    public string Name { get; }

    /// <summary>An option that takes one of some baselines.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="choices">The allowed ones, the standard first.</param>
    public static MethodOption<Baseline> Option(string name, string summary, params Baseline[] choices) =>
        MethodOption.Choice(name, summary, new Catalog<Baseline>("baseline", b => b.Name, choices), choices[0], b => b.Name);

    /// <summary>The baseline of an image, <c>[C,H,W]</c> in normalised units.</summary>
    /// <param name="input">The image.</param>
    /// <param name="preprocessing">How it was made the network's input.</param>
    /// <param name="random">What a random baseline is drawn from.</param>
    public float[] Of(NetworkInput input, Preprocessing preprocessing, Rng random = default) => _make(input, preprocessing, random);

    private static float[] Uniform(NetworkInput input, Preprocessing preprocessing, double value)
    {
        var tensor = new float[input.Tensor.Length];
        int plane = tensor.Length / preprocessing.Mean.Length;
        for (int c = 0; c < preprocessing.Mean.Length; c++)
        {
            tensor.AsSpan(c * plane, plane).Fill(((float)value - preprocessing.Mean[c]) / preprocessing.Deviation[c]);
        }

        return tensor;
    }

    private static float[] Random(NetworkInput input, Preprocessing preprocessing, Rng random)
    {
        var tensor = new float[input.Tensor.Length];
        int plane = tensor.Length / preprocessing.Mean.Length;
        for (int i = 0; i < tensor.Length; i++)
        {
            int c = i / plane;
            tensor[i] = ((float)random.Uniform((ulong)i) - preprocessing.Mean[c]) / preprocessing.Deviation[c];
        }

        return tensor;
    }
}
