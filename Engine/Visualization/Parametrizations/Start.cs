using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>What the pictures are before the first step.</summary>
public abstract record Start
{
    private const ulong Stream = 0x7374617274;

    private Start()
    {
    }

    /// <summary>Grey.</summary>
    public static Start Grey { get; } = new GreyStart();

    /// <summary>Parameters from a normal distribution, other ones for each picture.</summary>
    /// <param name="seed">Where random numbers start.</param>
    public static Start Noise(ulong seed) => new NoiseStart(seed);

    /// <summary>Given pictures, <c>[N,3,H,W]</c>, values 0…1.</summary>
    public static Start Pictures(float[] pictures) => new PictureStart(pictures);

    internal sealed record GreyStart : Start;

    internal sealed record NoiseStart(ulong Seed) : Start
    {
        /// <summary>Values with the given deviation.</summary>
        internal void Fill(Span<float> values, double deviation)
        {
            var rng = new Rng(Seed, Stream);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(deviation * rng.Gaussian((ulong)i));
            }
        }
    }

    internal sealed record PictureStart(float[] Values) : Start;
}
