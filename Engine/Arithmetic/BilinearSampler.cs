namespace Interp.Engine.Arithmetic;

/// <summary>
/// Images seen through an affine map: every pixel of the result is interpolated between the four pixels around its place in the source.
/// What lies outside
/// is grey, or the nearest edge pixel. Linear up to the grey; the gradient goes back by the transposed weights.
/// </summary>
internal sealed class BilinearSampler : IImageSampler
{
    private const float Grey = 0.5f;
    private readonly (int Height, int Width) _from;
    private readonly int _to;
    private readonly int[] _index; // of the upper left pixel of four
    private readonly int[] _right; // steps to its neighbours, 0 where there is none
    private readonly int[] _below;
    private readonly float[] _weights; // four a pixel
    private readonly float[] _grey;

    /// <summary>Works out the weights.</summary>
    /// <param name="from">Size of the source.</param>
    /// <param name="to">Size of the result.</param>
    /// <param name="map">From a place in the result to one in the source.</param>
    /// <param name="greyOutside">Whether grey lies outside, rather than the nearest pixel.</param>
    internal BilinearSampler((int Height, int Width) from, (int Height, int Width) to, Affine map, bool greyOutside)
    {
        _from = from;
        _to = to.Height * to.Width;
        IsIdentity = from == to && map == Affine.Identity;
        if (IsIdentity)
        {
            (_index, _right, _below, _weights, _grey) = ([], [], [], [], []);
            return;
        }

        (_index, _right, _below, _weights, _grey) = (new int[_to], new int[_to], new int[_to], new float[4 * _to], new float[_to]);
        for (int y = 0, i = 0; y < to.Height; y++)
        {
            for (int x = 0; x < to.Width; x++, i++)
            {
                double across = (map.Xx * (x + 0.5)) + (map.Xy * (y + 0.5)) + map.X - 0.5, down = (map.Yx * (x + 0.5))
                    + (map.Yy * (y + 0.5)) + map.Y - 0.5;
                (int left, int stepX, double leftShare, double rightShare) = Place(across, from.Width, greyOutside);
                (int top, int stepY, double topShare, double bottomShare) = Place(down, from.Height, greyOutside);
                _index[i] = (top * from.Width) + left;
                _right[i] = stepX;
                _below[i] = stepY * from.Width;
                _weights[4 * i] = (float)(topShare * leftShare);
                _weights[(4 * i) + 1] = (float)(topShare * rightShare);
                _weights[(4 * i) + 2] = (float)(bottomShare * leftShare);
                _weights[(4 * i) + 3] = (float)(bottomShare * rightShare);
                _grey[i] = (float)(Grey * (1 - ((topShare + bottomShare) * (leftShare + rightShare))));
            }
        }
    }

    private bool IsIdentity { get; }

    /// <summary>Each plane of the source at the result's places.</summary>
    public void Forward(ReadOnlySpan<float> source, Span<float> result)
    {
        if (IsIdentity)
        {
            source.CopyTo(result);
            return;
        }

        int plane = _from.Height * _from.Width;
        for (int from = 0, to = 0; from < source.Length; from += plane, to += _to)
        {
            ReadOnlySpan<float> s = source.Slice(from, plane);
            Span<float> r = result.Slice(to, _to);
            for (int i = 0; i < r.Length; i++)
            {
                int at = _index[i], right = at + _right[i], below = at + _below[i];
                r[i] = (_weights[4 * i] * s[at]) + (_weights[(4 * i) + 1] * s[right]) + (_weights[(4 * i) + 2] * s[below])
                    + (_weights[(4 * i) + 3] * s[below + _right[i]]) + _grey[i];
            }
        }
    }

    /// <summary>Adds to the source's gradient what comes from the result's.</summary>
    public void Backward(ReadOnlySpan<float> result, Span<float> source)
    {
        int plane = _from.Height * _from.Width;
        for (int from = 0, to = 0; from < source.Length; from += plane, to += _to)
        {
            Span<float> s = source.Slice(from, plane);
            ReadOnlySpan<float> r = result.Slice(to, _to);
            for (int i = 0; i < r.Length; i++)
            {
                if (IsIdentity)
                {
                    s[i] += r[i];
                    continue;
                }

                int at = _index[i], right = at + _right[i], below = at + _below[i];
                s[at] += _weights[4 * i] * r[i];
                s[right] += _weights[(4 * i) + 1] * r[i];
                s[below] += _weights[(4 * i) + 2] * r[i];
                s[below + _right[i]] += _weights[(4 * i) + 3] * r[i];
            }
        }
    }

    /// <summary>The two pixels around a place, the step from one to the other, and their shares; a pixel that is not there has no
    /// share.</summary>
    private static (int First, int Step, double FirstShare, double SecondShare) Place(double at, int length, bool greyOutside)
    {
        if (!greyOutside)
        {
            at = Math.Clamp(at, 0, length - 1);
        }

        double floor = Math.Floor(at);
        double second = at - floor;
        if (floor < -1 || floor >= length)
        {
            return (0, 0, 0, 0);
        }

        int first = (int)floor;
        return first < 0 ? (0, 0, 0, second)
            : first == length - 1 ? (first, 0, 1 - second, 0)
            : (first, 1, 1 - second, second);
    }
}
