using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Enlarging a map bilinearly with half-pixel centres, as PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c> and OpenCV do:
/// output pixel i
/// looks at source position (i + ½)·h/H − ½, clamped to the map.
/// </summary>
internal static class Bilinear
{
    /// <summary>The map at another size.</summary>
    /// <param name="map"><c>[h,w]</c>.</param>
    /// <param name="from">h and w.</param>
    /// <param name="to">H and W.</param>
    public static float[] Resize(ReadOnlySpan<float> map, (int Height, int Width) from, (int Height, int Width) to)
    {
        var result = new float[to.Height * to.Width];
        Resize(map, from, to, result);
        return result;
    }

    /// <summary>The map at another size, written to <paramref name="result"/>: each row of the map is stretched once, in float64, and each
    /// row of the result is blended of two such rows by vectors.</summary>
    /// <inheritdoc cref="Resize(ReadOnlySpan{float}, ValueTuple{int, int}, ValueTuple{int, int})"/>
    public static void Resize(ReadOnlySpan<float> map, (int Height, int Width) from, (int Height, int Width) to, Span<float> result)
    {
        double[] rows = ArrayPool<double>.Shared.Rent(2 * to.Width);
        Span<double> above = rows.AsSpan(0, to.Width), below = rows.AsSpan(to.Width, to.Width);
        for (int y = 0, stretched = -2; y < to.Height; y++)
        {
            (int low, int high, double down) = Place(y, from.Height, to.Height);
            if (low != stretched)
            {
                if (low == stretched + 1)
                {
                    Span<double> last = above;
                    above = below;
                    below = last;
                }
                else
                {
                    Stretch(map.Slice(low * from.Width, from.Width), above);
                }

                Stretch(map.Slice(high * from.Width, from.Width), below);
                stretched = low;
            }

            Blend(above, below, down, result.Slice(y * to.Width, to.Width));
        }

        ArrayPool<double>.Shared.Return(rows);
    }

    private static void Stretch(ReadOnlySpan<float> row, Span<double> result)
    {
        for (int x = 0; x < result.Length; x++)
        {
            (int left, int right, double across) = Place(x, row.Length, result.Length);
            result[x] = row[left] + (across * (row[right] - row[left]));
        }
    }

    private static void Blend(ReadOnlySpan<double> above, ReadOnlySpan<double> below, double down, Span<float> result)
    {
        ref double a = ref MemoryMarshal.GetReference(above), b = ref MemoryMarshal.GetReference(below);
        Vector256<double> share = Vector256.Create(down);
        int x = 0;
        for (; x + Vector256<float>.Count <= result.Length; x += Vector256<float>.Count)
        {
            Vector256.Narrow(Four(ref a, ref b, share, x), Four(ref a, ref b, share, x + Vector256<double>.Count)).CopyTo(result[x..]);
        }

        for (; x < result.Length; x++)
        {
            result[x] = (float)(above[x] + (down * (below[x] - above[x])));
        }
    }

    private static Vector256<double> Four(ref double above, ref double below, Vector256<double> down, int x)
    {
        Vector256<double> top = Vector256.LoadUnsafe(ref above, (nuint)x), bottom = Vector256.LoadUnsafe(ref below, (nuint)x);
        return top + (down * (bottom - top));
    }

    /// <summary>The two source positions between which an output position lies, and how far it is from the lower.</summary>
    internal static (int Low, int High, double Share) Place(int i, int from, int to)
    {
        double source = Math.Max(0, ((i + 0.5) * from / to) - 0.5);
        int low = Math.Min((int)source, from - 1);
        return (low, Math.Min(low + 1, from - 1), source - low);
    }
}
