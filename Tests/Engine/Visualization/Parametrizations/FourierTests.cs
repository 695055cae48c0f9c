using Interp.Engine.Visualization.Parametrizations;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Parametrizations;

/// <summary>The fast transform against the sum that defines it.</summary>
[TestClass]
public sealed class FourierTests
{
    /// <summary>Rounding of float32 through at most a dozen stages; measured at most 2e-7.</summary>
    private const double Tolerance = 1e-6;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(12)]
    [DataRow(16)]
    [DataRow(31)]
    [DataRow(45)]
    [DataRow(64)]
    [DataRow(97)]
    [DataRow(224)]
    public void Transform_AnyLength_EqualsThePlainSum(int n)
    {
        const int Lanes = 5;
        var random = new Gaussian(n);
        float[] re = random.Values(n * Lanes), im = random.Values(n * Lanes);
        foreach (int sign in (ReadOnlySpan<int>)[-1, 1])
        {
            double[] expected = PlainSum(re, im, n, Lanes, sign);
            float[] actualRe = [.. re], actualIm = [.. im];
            new Fourier(n).Transform(actualRe, actualIm, Lanes, sign);
            TensorAssert.RelativeL2(expected, [.. actualRe.Concat(actualIm)], Tolerance, "float32 sums");
        }
    }

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(7, 9)]
    [DataRow(6, 5)]
    [DataRow(1, 4)]
    public void Inverse_OfForward_IsThePlane(int height, int width)
    {
        var fourier = new RealFourier(height, width);
        float[] plane = new Gaussian(1).Values(height * width);
        float[] re = new float[height * fourier.Half], im = new float[height * fourier.Half], back = new float[plane.Length];
        fourier.Forward(plane, re, im);
        fourier.Inverse(re, im, back);
        TensorAssert.RelativeL2(plane, back, Tolerance, "float32 sums");
    }

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(7, 9)]
    [DataRow(6, 5)]
    public void InverseTransposed_AnySpectrum_IsTheAdjoint(int height, int width)
    {
        var fourier = new RealFourier(height, width);
        int n = height * fourier.Half;
        var random = new Gaussian(2);
        float[] re = random.Values(n), im = random.Values(n), g = random.Values(height * width);
        float[] plane = new float[g.Length], backRe = new float[n], backIm = new float[n];
        fourier.Inverse([.. re], [.. im], plane);
        fourier.InverseTransposed(g, backRe, backIm);
        double left = plane.Zip(g, (a, b) => (double)a * b).Sum();
        double right = re.Zip(backRe, (a, b) => (double)a * b).Sum() + im.Zip(backIm, (a, b) => (double)a * b).Sum();
        Assert.AreEqual(left, right, 1e-4 * Math.Max(1, Math.Abs(left)), "⟨Ax, y⟩ = ⟨x, Aᵀy⟩ to float32 rounding of sums over some dozens of values of size 1");
    }

    private static double[] PlainSum(float[] re, float[] im, int n, int lanes, int sign)
    {
        var result = new double[2 * n * lanes];
        for (int u = 0; u < n; u++)
        {
            for (int x = 0; x < n; x++)
            {
                (double sin, double cos) = Math.SinCos(sign * 2 * Math.PI * ((long)u * x % n) / n);
                for (int lane = 0; lane < lanes; lane++)
                {
                    (double a, double b) = (re[(x * lanes) + lane], im[(x * lanes) + lane]);
                    result[(u * lanes) + lane] += (a * cos) - (b * sin);
                    result[(n * lanes) + (u * lanes) + lane] += (a * sin) + (b * cos);
                }
            }
        }

        return result;
    }
}
