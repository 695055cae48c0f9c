using Interp.Engine.Adversarial;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

[TestClass]
public sealed class AttackDistancesTests
{
    [TestMethod]
    public void Distances_AreThoseOfAPlainLoop()
    {
        (RgbImage clean, RgbImage other) = Images(20, 17);
        var surface = new NetworkSurface(ShapeNets.Small(), clean);
        double[] d = [.. clean.Pixels.Zip(other.Pixels, (a, b) => (b - a) / 255.0)];

        AttackDistances found = AttackDistances.Of(surface, other);

        Assert.AreEqual(d.Count(v => v != 0) / (double)d.Length, found.L0);
        Assert.AreEqual(d.Sum(Math.Abs), found.L1, 1e-10, "float64 sums");
        Assert.AreEqual(Math.Sqrt(d.Sum(v => v * v)), found.L2, 1e-10, "float64 sums");
        Assert.AreEqual(Math.Sqrt(d.Average(v => v * v)), found.Rms, 1e-12, "float64 sums");
        Assert.AreEqual(d.Max(Math.Abs), found.LInf, 1e-15);
        Assert.AreEqual(
            Math.Sqrt(d.Sum(v => v * v) / clean.Pixels.Sum(v => v / 255.0 * v / 255.0)), found.Rho, 1e-12, "float64 sums");
        Assert.AreEqual(PlainSsim(clean, other), found.Ssim, 1e-5, "float32 in the blurs");
    }

    [TestMethod]
    public void EqualImages_AreAtNoDistance_AndGreyCountsOnce()
    {
        (RgbImage clean, _) = Images(16, 16);
        AttackDistances none = AttackDistances.Of(new NetworkSurface(ShapeNets.Small(), clean), clean);
        Assert.AreEqual(new AttackDistances(0, 0, 0, 0, 0, 1, 0), none with { Ssim = Math.Round(none.Ssim, 6) });
        var grey = new RgbImage(28, 28, [.. Enumerable.Repeat((byte)100, 3 * 28 * 28)]);
        byte[] pixels = [.. grey.Pixels];
        pixels.AsSpan(30, 3).Fill(110);
        AttackDistances one = AttackDistances.Of(new NetworkSurface(ShapeNets.Grey(), grey), new RgbImage(28, 28, pixels));
        Assert.AreEqual(1.0 / (28 * 28), one.L0);
        Assert.AreEqual(10 / 255.0, one.L2, 1e-12);
    }

    private static (RgbImage Clean, RgbImage Other) Images(int width, int height)
    {
        var rng = new Rng(5);
        byte[] clean = [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(128 + (100 * Math.Sin(i / 7.0))))];
        byte[] other = [.. clean.Select((v, i) => (byte)Math.Clamp(v + (int)(9 * rng.Gaussian((ulong)i)), 0, 255))];
        return (new RgbImage(width, height, clean), new RgbImage(width, height, other));
    }

    /// <summary>The definition: a Gaussian window of 11×11 about each pixel that it fits around.</summary>
    private static double PlainSsim(RgbImage a, RgbImage b)
    {
        double sum = 0;
        int count = 0;
        for (int c = 0; c < 3; c++)
        {
            for (int y = 5; y < a.Height - 5; y++)
            {
                for (int x = 5; x < a.Width - 5; x++)
                {
                    double w = 0, p = 0, q = 0, pp = 0, qq = 0, pq = 0;
                    for (int v = -5; v <= 5; v++)
                    {
                        for (int u = -5; u <= 5; u++)
                        {
                            double g = Math.Exp(-((v * v) + (u * u)) / (2 * 1.5 * 1.5));
                            int at = (3 * (((y + v) * a.Width) + x + u)) + c;
                            double s = a.Pixels[at] / 255.0, t = b.Pixels[at] / 255.0;
                            (w, p, q, pp, qq, pq) = (w + g, p + (g * s), q + (g * t), pp + (g * s * s), qq + (g * t * t), pq + (g * s * t));
                        }
                    }

                    (p, q) = (p / w, q / w);
                    double vp = (pp / w) - (p * p), vq = (qq / w) - (q * q), cov = (pq / w) - (p * q);
                    sum += ((2 * p * q) + 1e-4) * ((2 * cov) + 9e-4) / (((p * p) + (q * q) + 1e-4) * (vp + vq + 9e-4));
                    count++;
                }
            }
        }

        return sum / count;
    }
}
