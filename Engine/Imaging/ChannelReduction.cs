using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>How the channels of an attribution <c>[C,H,W]</c> become one plane for the heat map.</summary>
public sealed class ChannelReduction
{
    private readonly Func<float, float, float> _accumulate;

    private ChannelReduction(string name, bool signed, Func<float, float, float> accumulate) =>
        (Name, IsSigned, _accumulate) = (name, signed, accumulate);

    /// <summary>max over c of |g_c|: for sensitivities. K. Simonyan, A. Vedaldi, A. Zisserman, arXiv 1312.6034, section 3.</summary>
    public static ChannelReduction MaxAbs { get; } = new("max-abs", false, (m, g) => Math.Max(m, Math.Abs(g)));

    /// <summary>Σ over c of g_c, signed: for attributions that add up to something, such as an output's change.</summary>
    public static ChannelReduction Sum { get; } = new("sum", true, (s, g) => s + g);

    /// <summary>g_c of the channel with the largest |g_c|, the first of equal ones: max-abs with its sign.</summary>
    public static ChannelReduction Strongest { get; } = new("strongest", true, (s, g) => Math.Abs(g) > Math.Abs(s) ? g : s);

    /// <summary>All reductions by name.</summary>
    public static Catalog<ChannelReduction> All { get; } = new("channel reduction", r => r.Name, MaxAbs, Sum, Strongest);

    /// <summary>The name used on the command line and in manifests.</summary>
    public string Name { get; }

    /// <summary>Whether the plane has both signs, so that its heat map needs zero in the middle.</summary>
    public bool IsSigned { get; }

    /// <summary>The plane <c>[H,W]</c>.</summary>
    /// <param name="attribution">The values, <c>[C,H,W]</c>.</param>
    /// <param name="channels">C.</param>
    public float[] Apply(ReadOnlySpan<float> attribution, int channels)
    {
        var plane = new float[attribution.Length / channels];
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> channel = attribution.Slice(c * plane.Length, plane.Length);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = _accumulate(plane[i], channel[i]);
            }
        }

        return plane;
    }
}
