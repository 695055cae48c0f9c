namespace Interp.Engine.Evidence.Numerics;

/// <summary>The largest connected region of a plane above a threshold; eight neighbours connect, the region found first in reading order
/// wins a tie.</summary>
internal static class LargestRegion
{
    /// <summary>The smallest box around it; of no area if no value reaches the threshold.</summary>
    internal static PixelBox BoxOf(ReadOnlySpan<float> plane, int width, double threshold)
    {
        var open = new bool[plane.Length];
        for (int i = 0; i < open.Length; i++)
        {
            open[i] = plane[i] >= threshold;
        }

        (PixelBox Box, int Count) best = default;
        for (int i = 0; i < open.Length; i++)
        {
            if (open[i] && Fill(open, width, i) is var region && region.Count > best.Count)
            {
                best = region;
            }
        }

        return best.Box;
    }

    private static (PixelBox Box, int Count) Fill(bool[] open, int width, int start)
    {
        int height = open.Length / width, count = 0;
        var box = new PixelBox(width, height, 0, 0);
        var waiting = new Stack<int>([start]);
        open[start] = false;
        while (waiting.TryPop(out int at))
        {
            (int x, int y) = (at % width, at / width);
            count++;
            box = new PixelBox(Math.Min(box.Left, x), Math.Min(box.Top, y), Math.Max(box.Right, x + 1), Math.Max(box.Bottom, y + 1));
            for (int v = Math.Max(0, y - 1); v <= Math.Min(height - 1, y + 1); v++)
            {
                for (int u = Math.Max(0, x - 1); u <= Math.Min(width - 1, x + 1); u++)
                {
                    if (open[(v * width) + u])
                    {
                        open[(v * width) + u] = false;
                        waiting.Push((v * width) + u);
                    }
                }
            }
        }

        return (box, count);
    }
}
