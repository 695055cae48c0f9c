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
    public static Start Noise(ulong seed, double deviation = 0.01) => new NoiseStart(seed, deviation);

    /// <summary>Given images, <c>[N,C,H,W]</c>, values 0…1.</summary>
    public static Start Images(float[] images) => new ImageStart(images);

    internal sealed record GreyStart : Start;

    internal sealed record NoiseStart(ulong Seed, double Deviation) : Start
    {
        internal void Fill(Span<float> values)
        {
            var rng = new Rng(Seed, Stream);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(Deviation * rng.Gaussian((ulong)i));
            }
        }
    }

    internal sealed record ImageStart(float[] Values) : Start;
}
