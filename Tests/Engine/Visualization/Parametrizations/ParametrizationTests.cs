using Interp.Engine.Common;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Parametrizations;

[TestClass]
public sealed class ParametrizationTests
{
    private static IEnumerable<object[]> Kinds() => ParametrizationCatalog.All.SelectMany(k => (IEnumerable<object[]>)[[k.Name, 2, 12, 9], [k.Name, 1, 16, 16]]);

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(7, 10)]
    [DataRow(9, 11)]
    [DataRow(30, 28)]
    public void FourierImage_LucidsDefinition_EqualsPyTorch(int height, int width)
    {
        float[] Array(string name) => Golden.Array("visualization", $"fft-{height}x{width}-{name}.npy").Values;
        var image = new FourierImage(new Canvas(1, height, width));
        Array("theta").CopyTo(image.Parameters, 0);
        float[] picture = new float[image.Canvas.Length], gradient = new float[image.Parameters.Length];
        image.Render(picture);
        image.Backward(Array("upstream"), gradient);
        TensorAssert.RelativeL2(Array("picture"), picture, 1e-6, "float32 sums; measured at most 1.2e-7");
        TensorAssert.RelativeL2(Array("gradient"), gradient, 2e-6, "float32 sums; measured at most 3e-7");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Backward_AnyKind_IsTheDerivativeOfRender(string name, int count, int height, int width)
    {
        var canvas = new Canvas(count, height, width);
        ImageParametrization image = ParametrizationCatalog.All.Find(name).Create(canvas, Start.Noise(3));
        var random = new Gaussian(4);
        float[] upstream = random.Values(canvas.Length), pictures = new float[canvas.Length], gradient = new float[image.Parameters.Length];
        image.Render(pictures);
        image.Backward(upstream, gradient);
        float[] start = [.. image.Parameters];
        for (int i = 0; i < 6; i++)
        {
            float[] direction = random.Values(start.Length);
            double numeric = (Along(1e-2f) - Along(-1e-2f)) / 2e-2;
            double exact = gradient.Zip(direction, (g, d) => (double)g * d).Sum();
            double scale = Math.Sqrt(gradient.Sum(g => (double)g * g) * direction.Sum(d => (double)d * d));

            // Sums of some hundred float32 values near 1/2, each rounded to 3e-8, over a step of 1e-2: 1e-4 of the scale; the sigmoid's third derivative adds 1e-5.
            Assert.AreEqual(exact, numeric, 5e-4 * scale, name);

            double Along(float step)
            {
                for (int j = 0; j < start.Length; j++)
                {
                    image.Parameters[j] = start[j] + (step * direction[j]);
                }

                image.Render(pictures);
                return pictures.Zip(upstream, (p, u) => (double)p * u).Sum();
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Create_FromPictures_RendersThemAgain(string name, int count, int height, int width)
    {
        var canvas = new Canvas(count, height, width);
        var rng = new Rng(1);
        float[] pictures = [.. Enumerable.Range(0, canvas.Length).Select(i => (float)(0.01 + (0.98 * rng.Uniform((ulong)i))))];
        var rendered = new float[canvas.Length];
        ParametrizationCatalog.All.Find(name).Create(canvas, Start.Pictures(pictures)).Render(rendered);
        for (int i = 0; i < pictures.Length; i++)
        {
            Assert.AreEqual(pictures[i], rendered[i], 1e-4, $"value {i}: half a step of 8 bits is 2e-3");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Create_FromGrey_IsGrey(string name, int count, int height, int width)
    {
        var canvas = new Canvas(count, height, width);
        var rendered = new float[canvas.Length];
        ParametrizationCatalog.All.Find(name).Create(canvas, Start.Grey).Render(rendered);
        Assert.IsTrue(rendered.All(v => v == 0.5f));
    }

    [TestMethod]
    public void Create_FromNoise_DependsOnTheSeedAndDiffersBetweenPictures()
    {
        var canvas = new Canvas(2, 8, 8);
        float[] Rendered(ulong seed)
        {
            var values = new float[canvas.Length];
            ParametrizationCatalog.All.Find("fft").Create(canvas, Start.Noise(seed)).Render(values);
            return values;
        }

        TensorAssert.SameBits(Rendered(1), Rendered(1), "the same seed");
        CollectionAssert.AreNotEqual(Rendered(1), Rendered(2));
        CollectionAssert.AreNotEqual(Rendered(1)[..canvas.Picture], Rendered(1)[canvas.Picture..]);
    }

    [TestMethod]
    public void PyramidImage_OneCoarseValue_ChangesManyPixelsSmoothly()
    {
        var canvas = new Canvas(1, 16, 16);
        var image = new PyramidImage(canvas);
        image.Parameters[(16 * 16) + (8 * 8) + (4 * 4)] = 1; // the first value of the 2x2 level
        var pictures = new float[canvas.Length];
        image.Render(pictures);
        float[] red = pictures[..256];
        Assert.IsTrue(red[0] > 0.5f && red[7] > 0.5f && red[0] > red[7], "falls from the corner to the middle");
        Assert.AreEqual(0.5f, red[255], "the far corner belongs to the other values");
    }

    [TestMethod]
    public void Canvas_Lengths_MultiplyUp() =>
        Assert.AreEqual((12, 36, 72), (new Canvas(2, 3, 4).Plane, new Canvas(2, 3, 4).Picture, new Canvas(2, 3, 4).Length));
}
