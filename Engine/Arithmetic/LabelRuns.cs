using System.Numerics;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// An image cut into labelled parts, as runs of pixels of one label in row order: parts are shown or filled by copying runs rather than
/// by looking at every pixel.
/// </summary>
internal sealed class LabelRuns
{
    private readonly (int Start, int Length, int Label)[] _runs;
    private readonly int _pixels;

    /// <param name="labels">The label of each pixel.</param>
    internal LabelRuns(int[] labels)
    {
        var runs = new List<(int Start, int Length, int Label)>();
        for (int start = 0, end; start < labels.Length; start = end)
        {
            for (end = start + 1; end < labels.Length && labels[end] == labels[start]; end++)
            {
            }

            runs.Add((start, end - start, labels[start]));
        }

        (_runs, _pixels) = ([.. runs], labels.Length);
    }

    /// <summary>Puts together fill + w (image − fill), w the weight of each pixel's label: 1 is the very image, 0 the very fill.</summary>
    /// <param name="weights">w by label, 0 … 1.</param>
    /// <param name="image"><c>[C,H,W]</c>.</param>
    /// <param name="fill">As large.</param>
    /// <param name="input">Takes the result.</param>
    internal void Blend(ReadOnlySpan<float> weights, ReadOnlySpan<float> image, ReadOnlySpan<float> fill, Span<float> input)
    {
        fill.CopyTo(input);
        for (int plane = 0; plane < input.Length; plane += _pixels)
        {
            foreach ((int start, int length, int label) in _runs)
            {
                float weight = weights[label];
                ReadOnlySpan<float> from = image.Slice(plane + start, length);
                if (weight == 1)
                {
                    from.CopyTo(input[(plane + start)..]);
                }
                else if (weight != 0)
                {
                    Mix(weight, from, input.Slice(plane + start, length));
                }
            }
        }
    }

    private static void Mix(float weight, ReadOnlySpan<float> image, Span<float> filled)
    {
        int i = 0;
        for (; i <= filled.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var under = new Vector<float>(filled[i..]);
            (under + (weight * (new Vector<float>(image[i..]) - under))).CopyTo(filled[i..]);
        }

        for (; i < filled.Length; i++)
        {
            filled[i] += weight * (image[i] - filled[i]);
        }
    }
}
