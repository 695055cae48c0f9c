using System.IO.Compression;
using Interp.Engine.Imaging;

namespace Interp.Cli.Reporting;

/// <summary>
/// One plane of values as a report holds it: each value v as the whole number round(v / step) with step = max|v| / 32767, so off by at most
/// half a step;
/// −32768 for values that are not finite. The differences of neighbours, low bytes before high bytes, are compressed with gzip and written
/// in base64:
/// at most four thirds of two bytes a value and a few more, much less where a map is smooth.
/// </summary>
/// <param name="Data">Base64.</param>
/// <param name="Step">What 1 stands for.</param>
/// <param name="Low">The least value if that is above 0, else 0.</param>
/// <param name="Max">The largest |v|.</param>
/// <param name="Clip">The 99th percentile of |v|; the largest where that is 0.</param>
internal sealed record MapCode(string Data, double Step, double Low, double Max, double Clip)
{
    private const int Steps = short.MaxValue;

    /// <summary>The code of a plane.</summary>
    internal static MapCode Of(ReadOnlySpan<float> plane)
    {
        float[] sizes = [.. plane.ToArray().Where(float.IsFinite).Select(Math.Abs)];
        double max = sizes.Length == 0 ? 0 : sizes.Max(), step = max > 0 ? max / Steps : 1, low = double.PositiveInfinity;
        var bytes = new byte[2 * plane.Length];
        short last = 0;
        for (int i = 0; i < plane.Length; i++)
        {
            bool known = float.IsFinite(plane[i]);
            short here = known ? (short)Math.Round(plane[i] / step) : short.MinValue;
            int difference = here - last;
            (bytes[i], bytes[plane.Length + i], last) = ((byte)difference, (byte)(difference >> 8), here);
            low = known ? Math.Min(low, plane[i]) : low;
        }

        double clip = sizes.Length == 0 ? 0 : HeatmapClip.Percentile99.Range(sizes, out _).High;
        return new MapCode(Convert.ToBase64String(Packed(bytes)), step, low is > 0 and < double.PositiveInfinity ? low : 0, max, clip);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
