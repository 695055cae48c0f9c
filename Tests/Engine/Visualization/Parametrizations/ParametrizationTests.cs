using Interp.Engine.Arithmetic;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Parametrizations;

[TestClass]
public sealed class ParametrizationTests
{
    private static IEnumerable<object[]> Kinds() =>
        ParametrizationCatalog.All.SelectMany(k => (IEnumerable<object[]>)[[k.Name, 2, 12, 9], [k.Name, 1, 16, 16], [k.Name, 1, 37, 11]]);

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(7, 10)]
    [DataRow(9, 11)]
    [DataRow(30, 28)]
    [DataRow(37, 41)]
    [DataRow(9, 10, true)]
    public void FourierImage_LucidsDefinition_EqualsPyTorch(int height, int width, bool plain = false)
    {
        float[] Array(string name) => Golden.Array("visualization", $"fft-{height}x{width}{(plain ? "-plain" : "")}-{name}.npy").Values;
        ParametrizationOptions options = plain ? new ParametrizationOptions { Decay = 1.5, Decorrelate = false }
            : new ParametrizationOptions();
        var image = new FourierImage(new Canvas(1, height, width), options);
        Array("theta").CopyTo(image.Parameters, 0);
        float[] plane = new float[image.Canvas.Length], gradient = new float[image.Parameters.Length];
        image.Render(plane);
        image.Backward(Array("upstream"), gradient);
        TensorAssert.RelativeL2(Array("image"), plane, 5e-7, "float32 sums; measured at most 9.3e-8");
        TensorAssert.RelativeL2(Array("gradient"), gradient, 1e-6, "float32 sums; measured at most 2.5e-7");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Backward_AnyKind_IsTheDerivativeOfRender(string name, int count, int height, int width)
    {
        var canvas = new Canvas(count, height, width);
        ImageParametrization image = ParametrizationCatalog.All.Find(name).Create(canvas, Start.Noise(3));
        var random = new Gaussian(4);
        float[] upstream = random.Values(canvas.Length), planes = new float[canvas.Length], gradient = new float[image.Parameters.Length];
        image.Render(planes);
        image.Backward(upstream, gradient);
        float[] start = [.. image.Parameters];
        for (int i = 0; i < 6; i++)
        {
            float[] direction = random.Values(start.Length);
            double numeric = (Along(1e-2f) - Along(-1e-2f)) / 2e-2;
            double exact = gradient.Zip(direction, (g, d) => (double)g * d).Sum();
            double scale = Math.Sqrt(gradient.Sum(g => (double)g * g) * direction.Sum(d => (double)d * d));

            // Sums of some hundred float32 values near 1/2, each rounded to 3e-8, over a step of 1e-2: 1e-4 of the scale; the sigmoid's
            // third derivative adds 1e-5.
            Assert.AreEqual(exact, numeric, 5e-4 * scale, name);

            double Along(float step)
            {
                for (int j = 0; j < start.Length; j++)
                {
                    image.Parameters[j] = start[j] + (step * direction[j]);
                }

                image.Render(planes);
                return planes.Zip(upstream, (p, u) => (double)p * u).Sum();
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Create_FromImages_RendersThemAgain(string name, int count, int height, int width)
    {
        var canvas = new Canvas(count, height, width);
        var rng = new Rng(1);
        float[] planes = [.. Enumerable.Range(0, canvas.Length).Select(i => (float)(0.01 + (0.98 * rng.Uniform((ulong)i))))];
        var rendered = new float[canvas.Length];
        ParametrizationCatalog.All.Find(name).Create(canvas, Start.Images(planes)).Render(rendered);
        for (int i = 0; i < planes.Length; i++)
        {
            Assert.AreEqual(planes[i], rendered[i], 1e-4, $"value {i}: half a step of 8 bits is 2e-3");
        }
    }

    [TestMethod]
    [DataRow("pixel")]
    [DataRow("fft")]
    [DataRow("pyramid")]
    public void Create_FromAPhoto_RendersItAgain(string name)
    {
        RgbImage photo = ImageFile.Read(Golden.Path("vgg16-200", "chelsea-224.png"));
        var canvas = new Canvas(1, photo.Height, photo.Width);
        var rendered = new float[canvas.Length];
        ParametrizationCatalog.All.Find(name).Create(canvas, Start.Images(ImageBytes.ToPlanes(photo, 1))).Render(rendered);
        CollectionAssert.AreEqual(photo.Pixels, ImageBytes.Of(canvas, rendered, 0).Pixels,
            "no value of this photo is within half a step of black or white");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Create_FromSaturatedImages_RendersThemNearly(string name, int count, int height, int width)
    {
        var canvas = new Canvas(count, height, width);
        float[] planes = [.. Enumerable.Range(0, canvas.Length).Select(i => i % 3 / 2f)], rendered = new float[canvas.Length];
        ParametrizationCatalog.All.Find(name).Create(
            canvas, Start.Images(planes), new ParametrizationOptions { Decorrelate = count == 1, Decay = 0.5 }).Render(rendered);
        Assert.IsTrue(planes.Zip(rendered).All(p => Math.Abs(p.First - p.Second) < 1.0 / 255),
            "0 and 1 lie at infinity before the sigmoid: they come out half a step of 8 bits inside");
    }

    [TestMethod]
    [DataRow("pixel")]
    [DataRow("fft")]
    [DataRow("pyramid")]
    public void Render_AndBackward_Twice_GiveTheSameBits(string name)
    {
        (float[] Images, float[] Gradient) Run(ImageParametrization image)
        {
            float[] planes = new float[image.Canvas.Length], gradient = new Gaussian(9).Values(image.Parameters.Length);
            image.Render(planes);
            image.Backward(planes, gradient);
            return (planes, gradient);
        }

        var canvas = new Canvas(2, 37, 26);
        ImageParametrization image = ParametrizationCatalog.All.Find(name).Create(canvas, Start.Noise(5));
        (float[] planes, float[] gradient) = Run(image);
        (float[] again, float[] gradientAgain) = Run(image);
        (float[] anew, float[] gradientAnew) = Run(ParametrizationCatalog.All.Find(name).Create(canvas, Start.Noise(5)));
        TensorAssert.SameBits(planes, again, "images of the same instance");
        TensorAssert.SameBits(planes, anew, "images of another");
        TensorAssert.SameBits(gradient, gradientAgain, "gradient of the same instance");
        TensorAssert.SameBits(gradient, gradientAnew, "gradient of another");
    }

    [TestMethod]
    public void ColorSpace_OfOnePlaneEach_HasLucidsMatrix()
    {
        (_, float[] matrix) = Golden.Array("visualization", "colors.npy");
        for (int column = 0; column < 3; column++)
        {
            float[] planes = new float[3], colors = new float[3];
            planes[column] = 1;
            new ColorSpace(decorrelated: true).Forward(planes, colors);
            for (int row = 0; row < 3; row++)
            {
                Assert.AreEqual(matrix[(3 * row) + column], Math.Log(colors[row] / (1 - colors[row])), 1e-6,
                    "float32 rounding of the sigmoid");
            }
        }
    }

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.5)]
    public void Create_FromNoise_HasItsDeviation(double deviation)
    {
        float[] parameters = ParametrizationCatalog.All.Find("pixel").Create(new Canvas(1, 64, 64), Start.Noise(3, deviation)).Parameters;

        // Five standard errors: 1/√(2n) of the deviation.
        Assert.AreEqual(deviation, Math.Sqrt(parameters.Average(p => (double)p * p)), 5 * deviation / Math.Sqrt(2.0 * parameters.Length));
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
    public void Create_FromNoise_DependsOnTheSeedAndDiffersBetweenImages()
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
        CollectionAssert.AreNotEqual(Rendered(1)[..canvas.Image], Rendered(1)[canvas.Image..]);
    }

    [TestMethod]
    public void PyramidImage_OneCoarseValue_ChangesManyPixelsSmoothly()
    {
        var canvas = new Canvas(1, 16, 16);
        var image = new PyramidImage(canvas, new ParametrizationOptions());
        image.Parameters[(16 * 16) + (8 * 8) + (4 * 4)] = 1; // the first value of the 2x2 level
        var planes = new float[canvas.Length];
        image.Render(planes);
        float[] red = planes[..256];
        Assert.IsTrue(red[0] > 0.5f && red[7] > 0.5f && red[0] > red[7], "falls from the corner to the middle");
        Assert.AreEqual(0.5f, red[255], "the far corner belongs to the other values");
    }

    [TestMethod]
    public void Canvas_Lengths_MultiplyUp() =>
        Assert.AreEqual((12, 36, 72), (new Canvas(2, 3, 4).Plane, new Canvas(2, 3, 4).Image, new Canvas(2, 3, 4).Length));
}
