using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Dissection;

/// <summary>The definition in plain loops and float64: thresholds by sorting, masks and labels as arrays of one value a place.</summary>
internal static class PlainDissection
{
    /// <summary>Threshold of each unit, and IoU of each unit with each concept of the set.</summary>
    public static (float[] Thresholds, double[,] Iou) Of(
        LayerRun run, Network network, LabelSet set, double quantile, int size)
    {
        LabelledImage[] images = [.. Enumerable.Range(0, set.Count).Select(i => set.Read(i))];
        (Shape shape, float[] maps) = run.Activations(
            [.. images.Select(i =>
            {
                (RgbImage prepared, float[] tensor) = NetworkInput.Prepare(i.Image, network);
                return new NetworkInput(i.Name, prepared, tensor, "");
            })],
            CancellationToken.None);
        (int units, int h, int w, int n) = (shape[1], shape[2], shape[3], images.Length);
        int exceeding = (int)Math.Floor((quantile * n * h * w) + 1e-9);
        var grid = LabelGrid.Of(network.Preprocessing, size);
        (int height, int width) = (network.Preprocessing.Height, network.Preprocessing.Width);
        var field = ReceptiveField.Of(network, run.Layer, height, width);
        (int strideY, int strideX) = field.Stride!.Value;
        var thresholds = new float[units];
        var iou = new double[units, set.Concepts.Length];
        for (int u = 0; u < units; u++)
        {
            float[] values = [.. Enumerable.Range(0, n).SelectMany(i => Map(i, u).ToArray())];
            Array.Sort(values);
            thresholds[u] = values[^(exceeding + 1)];
            bool[][] masks = [.. Enumerable.Range(0, n).Select(i => Mask(Map(i, u).ToArray(), thresholds[u]))];
            for (int c = 0; c < set.Concepts.Length; c++)
            {
                iou[u, c] = Iou(masks, c);
            }
        }

        return (thresholds, iou);

        ReadOnlySpan<float> Map(int image, int unit) => maps.AsSpan(((image * units) + unit) * h * w, h * w);

        bool[] Mask(float[] map, float threshold)
        {
            var mask = new bool[grid.Height * grid.Width];
            for (int y = 0; y < grid.Height; y++)
            {
                for (int x = 0; x < grid.Width; x++)
                {
                    double v = At(y, grid.Height, height, field.Offset.Y + (field.Size.Height / 2.0), strideY, h);
                    double s = At(x, grid.Width, width, field.Offset.X + (field.Size.Width / 2.0), strideX, w);
                    (int top, int left) = ((int)v, (int)s);
                    (int bottom, int right) = (Math.Min(top + 1, h - 1), Math.Min(left + 1, w - 1));
                    (double down, double over) = (v - top, s - left);
                    double value = ((1 - down) * (((1 - over) * map[(top * w) + left]) + (over * map[(top * w) + right])))
                        + (down * (((1 - over) * map[(bottom * w) + left]) + (over * map[(bottom * w) + right])));
                    mask[(y * grid.Width) + x] = value > threshold;
                }
            }

            return mask;
        }

        static double At(int point, int points, int pixels, double first, double stride, int positions) =>
            Math.Clamp((((point + 0.5) * pixels / points) - first) / stride, 0, positions - 1);

        double Iou(bool[][] masks, int concept)
        {
            (long both, long either) = (0, 0);
            for (int i = 0; i < n; i++)
            {
                ushort[][] planes = [.. images[i].Planes.Where(p => p.Category == set.Concepts[concept].Category)
                    .Select(p => grid.Sample(p, images[i].Image.Width, images[i].Image.Height))];
                bool[] known = [.. Enumerable.Range(0, masks[i].Length).Select(p => planes.All(l => l[p] != LabelPlane.Void))];
                if (!known.Where((k, p) => k && planes.Any(l => l[p] > 0)).Any())
                {
                    continue;
                }

                for (int p = 0; p < known.Length; p++)
                {
                    bool truth = planes.Any(l => l[p] == concept + 1);
                    both += known[p] && masks[i][p] && truth ? 1 : 0;
                    either += known[p] && (masks[i][p] || truth) ? 1 : 0;
                }
            }

            return either == 0 ? 0 : (double)both / either;
        }
    }
}
