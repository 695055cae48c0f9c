using Interp.Engine.Attribution.Incremental;
using Interp.Engine.Common;

namespace Interp.Tests.Engine.Attribution.Incremental;

[TestClass]
public sealed class ExtentTests
{
    /// <summary>Windows of every kind on short axes: what the formula says is what really reads a changed place.</summary>
    [TestMethod]
    public void Through_EveryWindow_IsWhatReadsTheChange()
    {
        int tried = 0;
        foreach (int kernel in (int[])[1, 2, 3, 5, 7])
        {
            foreach (int stride in (int[])[1, 2, 3, 4])
            {
                foreach (int dilation in (int[])[1, 2, 3])
                {
                    foreach (int padding in (int[])[0, 1, 2, 3])
                    {
                        var axis = new SlidingAxis(kernel, stride, padding, dilation);
                        tried += Try(axis, length: 13) + Try(axis, length: 20);
                    }
                }
            }
        }

        Assert.IsGreaterThan(10_000, tried);
    }

    [TestMethod]
    public void Around_AlignedPatches_HoldTheChangesAndAreOfOneLength()
    {
        var rng = new Rng(7);
        for (ulong i = 0; i < 2000; i++)
        {
            int map = 1 + (int)(rng.Uniform(4 * i) * 40), align = 1 + (int)(rng.Uniform((4 * i) + 1) * 4);
            Extent[] changed = [.. Enumerable.Range(0, 3).Select(k =>
            {
                int start = (int)(rng.Uniform((4 * i) + 2) * map), length = 1 + k + (int)(rng.Uniform((4 * i) + 3) * 9);
                return new Extent(start, Math.Min(map, start + length));
            })];

            AxisPatch patch = AxisPatch.Around(changed, align, map);

            Assert.IsTrue(patch.Covers(changed), $"{patch.Length} from {string.Join(", ", patch.Starts)} on a map of {map}");
            Assert.IsTrue(patch.IsWhole(map) || (patch.Length % align == 0 && patch.Starts.All(s => s % align == 0)), "aligned");
            Assert.IsTrue(patch.Length <= map && patch.Starts.All(s => s >= 0), "no longer than the map");
        }
    }

    private static int Try(SlidingAxis axis, int length)
    {
        int room = length + (2 * axis.Padding) - axis.Reach - 1;
        if (room < 0)
        {
            return 0;
        }

        int outputs = (room / axis.Stride) + 1, tried = 0;
        for (int start = 0; start < length; start++)
        {
            for (int end = start + 1; end <= length; end++, tried++)
            {
                int[] reading = [.. Enumerable.Range(0, outputs).Where(o => Reads(axis, o, start, end))];
                Extent found = new Extent(start, end).Through(axis, outputs);
                string what = $"{axis}, {start} to {end} of {length}: {found}";
                Assert.IsTrue(found.Start >= 0 && found.Start < found.End && found.End <= outputs, what);
                if (reading.Length == 0)
                {
                    Assert.IsTrue(axis.Dilation > 1 || found.End - found.Start == 1, $"{what}: nothing reads it");
                    continue;
                }

                Assert.IsTrue(found.Start <= reading[0] && found.End > reading[^1], what);
                if (axis.Dilation == 1)
                {
                    Assert.AreEqual(new Extent(reading[0], reading[^1] + 1), found, what);
                }
            }
        }

        return tried;
    }

    private static bool Reads(SlidingAxis axis, int output, int start, int end) => Enumerable.Range(0, axis.Kernel)
        .Select(tap => (output * axis.Stride) - axis.Padding + (tap * axis.Dilation)).Any(at => at >= start && at < end);
}
