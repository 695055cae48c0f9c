using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>What the images are before the first step.</summary>
public abstract record Start
{
    private const ulong Stream = 0x7374617274;

    private Start()
    {
    }

    /// <summary>Grey.</summary>
    public static Start Grey { get; } = new GreyStart();

    /// <summary>Parameters from a normal distribution, other ones for each image.</summary>
    /// <param name="seed">Where random numbers start.</param>
    /// <param name="deviation">Standard deviation of the parameters; lucid's by default.</param>
    /// <param name="alike">How many images share the first one's parameters instead; 1 where each has its own.</param>
    public static Start Noise(ulong seed, double deviation = 0.01, int alike = 1) => new NoiseStart(seed, deviation, alike);

    /// <summary>Given images, <c>[N,C,H,W]</c>, values 0…1.</summary>
    public static Start Images(float[] images) => new ImageStart(images);

    internal sealed record GreyStart : Start;

    internal sealed record NoiseStart(ulong Seed, double Deviation, int Alike) : Start
    {
        internal void Fill(Span<float> values)
        {
            var rng = new Rng(Seed, Stream);
            int own = values.Length / Alike;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = i < own ? (float)(Deviation * rng.Gaussian((ulong)i)) : values[i - own];
            }
        }
    }

    internal sealed record ImageStart(float[] Values) : Start;
}
