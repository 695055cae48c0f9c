using System.Numerics;
using Interp.Engine.Arithmetic;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Parametrizations;

/// <summary>The fast transform against the sum that defines it.</summary>
[TestClass]
public sealed class FourierTests
{
    /// <summary>Rounding of float32 through at most two transforms and their filter; measured at most 3.2e-7.</summary>
    private const double Tolerance = 1e-6;

    [TestMethod]
    [DynamicData(nameof(Lengths))]
    public void Transform_AnyLength_EqualsThePlainSum(int n)
    {
        const int Lanes = 11; // more than one vector, the last not full
        var random = new Gaussian(n);
        float[] re = random.Values(n * Lanes), im = random.Values(n * Lanes);
        foreach (bool inverse in (ReadOnlySpan<bool>)[false, true])
        {
            TensorAssert.RelativeL2(PlainSum(re, im, n, Lanes, inverse ? 1 : -1), Transformed(Fourier.Of(n), re, im, Lanes, inverse),
                Tolerance, "float32 sums");
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(16)]
    [DataRow(37)]
    [DataRow(60)]
    public void Transform_AsAConvolution_EqualsThePlainSum(int n)
    {
        var random = new Gaussian(n);
        float[] re = random.Values(n), im = random.Values(n);
        foreach (bool inverse in (ReadOnlySpan<bool>)[false, true])
        {
            float[] found = Transformed(new BluesteinFourier(n), re, im, 1, inverse);
            TensorAssert.RelativeL2(PlainSum(re, im, n, 1, inverse ? 1 : -1), found, Tolerance, "float32 sums");
        }
    }

    [TestMethod]
    [DataRow(224)]
    [DataRow(227)]
    [DataRow(233)]
    public void Transform_OfEachSignalAlone_GivesTheSameBits(int n)
    {
        const int Lanes = 11;
        var random = new Gaussian(n);
        float[] re = random.Values(n * Lanes), im = random.Values(n * Lanes);
        float[] together = Transformed(Fourier.Of(n), re, im, Lanes, inverse: false);
        for (int lane = 0; lane < Lanes; lane++)
        {
            float[] Of(float[] values) => [.. values.Where((_, i) => i % Lanes == lane)];
            TensorAssert.SameBits(Of(together), Transformed(Fourier.Of(n), Of(re), Of(im), 1, inverse: false), $"signal {lane}");
        }
    }

    [TestMethod]
    [DataRow(224, false)]
    [DataRow(227, false)]
    [DataRow(233, true)]
    [DataRow(466, true)]
    public void Of_LargePrimeFactor_IsAConvolution(int n, bool convolution) =>
        Assert.AreEqual(convolution, Fourier.Of(n) is BluesteinFourier);

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(7, 9)]
    [DataRow(6, 5)]
    [DataRow(1, 4)]
    [DataRow(5, 1)]
    [DataRow(1, 1)]
    [DataRow(37, 41)]
    [DataRow(224, 227)]
    [DataRow(30, 233)]
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
    [DataRow(5, 1)]
    [DataRow(1, 6)]
    [DataRow(37, 22)]
    [DataRow(22, 41)]
    [DataRow(5, 233)]
    [DataRow(233, 6)]
    public void InverseTransposed_AnySpectrum_IsTheAdjoint(int height, int width)
    {
        var fourier = new RealFourier(height, width);
        int n = height * fourier.Half;
        var random = new Gaussian(2);
        float[] re = random.Values(n), im = random.Values(n), g = random.Values(height * width);
        float[] plane = new float[g.Length], backRe = new float[n], backIm = new float[n];
        fourier.Inverse(re, im, plane);
        fourier.InverseTransposed(g, backRe, backIm);
        double left = plane.Zip(g, (a, b) => (double)a * b).Sum();
        double right = re.Zip(backRe, (a, b) => (double)a * b).Sum() + im.Zip(backIm, (a, b) => (double)a * b).Sum();
        double size = Math.Sqrt(plane.Sum(p => (double)p * p) * g.Sum(y => (double)y * y));
        Assert.AreEqual(left, right, Tolerance * size, "⟨Ax, y⟩ = ⟨x, Aᵀy⟩ to the error of the transforms");
    }

    /// <summary>Every length up to 40; then powers, products, primes, and lengths that images have.</summary>
    private static IEnumerable<object[]> Lengths() =>
        Enumerable.Range(1, 40).Concat([45, 64, 97, 111, 121, 125, 128, 143, 211, 224, 227, 233, 248, 254, 299, 384, 466]).Select(
        n => (object[])[n]);

    /// <summary>All real parts, then all imaginary ones.</summary>
    private static float[] Transformed(Fourier fourier, float[] re, float[] im, int lanes, bool inverse)
    {
        Vector<float>[] rowsRe = fourier.Rows(lanes), rowsIm = fourier.Rows(lanes);
        for (int x = 0; x < fourier.Length; x++)
        {
            re.AsSpan(x * lanes, lanes).CopyTo(fourier.Row(rowsRe, x));
            im.AsSpan(x * lanes, lanes).CopyTo(fourier.Row(rowsIm, x));
        }

        fourier.Transform(rowsRe, rowsIm, inverse);
        return [.. Values(rowsRe), .. Values(rowsIm)];

        IEnumerable<float> Values(Vector<float>[] rows) =>
            Enumerable.Range(0, fourier.Length).SelectMany(x => fourier.Row(rows, x)[..lanes].ToArray());
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
