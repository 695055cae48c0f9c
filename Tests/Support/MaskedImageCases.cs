using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution.Perturbation;

namespace Interp.Tests.Support;

/// <summary>Variations of an image of each kind.</summary>
internal static class MaskedImageCases
{
    /// <summary>Eight or more variations each, of two images.</summary>
    internal static IEnumerable<MaskedImages> All(int channels, int height, int width)
    {
        for (int seed = 0; seed < 2; seed++)
        {
            float[] image = new Gaussian(40 + seed).Values(channels * height * width), fill = new Gaussian(50 + seed).Values(image.Length);
            int plane = height * width, all = 5;
            int[] labels = [.. Enumerable.Range(0, plane).Select(i => ((i / width / 7) + (i % width / 4)) % all)];
            yield return new MaskedByLabels(image, fill, labels, i => [.. Enumerable.Range(0, all).Select(k => (float)((i >> k) & 1))]);
            yield return new MaskedByLabels(image, fill, labels, i => [.. new Gaussian(i).Values(all).Select(MathF.Abs)]);
            yield return new MaskedByBoxes(image, fill, (height, width), i => (i, Math.Min(height, 2 * i), i / 2, width - i));
            yield return new RiseImages(new RiseMasks((ulong)seed, 7, 0.5, (height, width), pairs: true), image);
            yield return new RiseImages(new RiseMasks((ulong)seed, 3, 0.3, (height, width)), image);
            yield return new Marked(image, (height, width), (6, 5));
            yield return new Marked(image, (height, width), (height, width));
        }
    }

    /// <summary>Grids scaled to 0 … 1, among them one of one value alone, and one with a value that is no number.</summary>
    private sealed class Marked(float[] image, (int Height, int Width) size, (int Height, int Width) cells)
        : MaskedByGrids(image, size, cells, size, toOne: true)
    {
        internal override float[] Numbers(int index) => [.. Map(index), 0, 0];

        internal override void Make(int index, Span<float> input)
        {
            float[] mask = Bilinear.Resize(Map(index), Cells, Size);
            PlaneArithmetic.ScaleToOne(mask);
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = Image[i] * mask[i % mask.Length];
            }
        }

        private float[] Map(int index)
        {
            float[] map = new Gaussian(index).Values(Cells.Height * Cells.Width);
            map[3] = index == 7 ? float.NaN : map[3];
            return index == 0 ? new float[map.Length] : map;
        }
    }
}
