using System.Buffers.Binary;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Html;

/// <summary>The plane of an attribution that a page shows: the channels reduced as for its heat map, in 16 bits a value.</summary>
/// <param name="Columns">Width.</param>
/// <param name="Rows">Height.</param>
/// <param name="Unit">What one step is worth: the largest |value| / 32767.</param>
/// <param name="Data">The steps, little-endian, in base 64.</param>
internal sealed record ReportPlane(int Columns, int Rows, double Unit, string Data)
{
    /// <summary>Reads an <c>attribution.npy</c>.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="reduction">How channels are reduced, or null for a map.</param>
    /// <param name="coarser">The side of the squares of pixels whose mean is kept; 1 keeps all.</param>
    internal static ReportPlane Read(string file, string? reduction, int coarser)
    {
        (Shape shape, float[] values) = Npy.Read(file);
        float[] plane = reduction is null ? values : ChannelReduction.All.Find(reduction).Apply(values, shape[0]);
        (int rows, int columns) = (shape[1], shape[2]);
        while (coarser > 1 && (rows % coarser != 0 || columns % coarser != 0))
        {
            coarser--;
        }

        float[] kept = Mean(plane, columns, coarser);
        double unit = kept.Max(v => float.IsFinite(v) ? Math.Abs(v) : 0f) / 32767.0;
        var bytes = new byte[2 * kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), unit > 0 && float.IsFinite(kept[i]) ? (short)Math.Round(kept[i] / unit) : (short)0);
        }

        return new ReportPlane(columns / coarser, rows / coarser, unit, Convert.ToBase64String(bytes));
    }

    private static float[] Mean(float[] plane, int columns, int side)
    {
        if (side == 1)
        {
            return plane;
        }

        int across = columns / side;
        var sums = new double[plane.Length / (side * side)];
        for (int i = 0; i < plane.Length; i++)
        {
            sums[(i / columns / side * across) + (i % columns / side)] += plane[i];
        }

        return [.. sums.Select(s => (float)(s / (side * side)))];
    }
}
