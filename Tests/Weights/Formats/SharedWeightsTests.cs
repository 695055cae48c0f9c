using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Formats;

/// <summary>A real VGG16 trunk of 31 MB, where it is there.</summary>
[TestClass]
public class SharedWeightsTests
{
    /// <summary>Sum, sum of magnitudes, first, last and one middle value of some tensors, as PyTorch gives them in float64.</summary>
    private static readonly (string Name, long[] Shape, double Sum, double Magnitude, double First, double Last, double Middle)[] Expected =
    [
        ("features.0.weight", [64, 3, 3, 3], -243.87811660766602, 16792.628078460693, 28.03125, -15.2109375, 3.98046875),
        ("features.28.weight", [512, 512, 3, 3], -2552.5078840851784, 15455.22515553236,
            0.00040793418884277344, -0.0092010498046875, -0.0017299652099609375),
        ("classifier.0.weight", [1024, 512], -718.9417745471001, 5330.898607194424,
            0.0006361007690429688, -0.00194549560546875, -0.00891876220703125),
        ("classifier.3.bias", [200], -0.3222506046295166, 13.096267461776733, -0.039031982421875, -0.0430908203125, -0.0399169921875),
    ];

    [TestMethod]
    public void Read_Vgg16Of200Classes_HasPyTorchsValues()
    {
        string path = Find("models/vgg16-200/vgg16-200.pth");
        using WeightSource source = WeightFormats.Open(path);
        Assert.HasCount(30, source.Entries);
        Assert.AreEqual(15_445_000, source.Entries.Sum(e => e.Count));
        Assert.IsTrue(source.Entries.All(e => e.Type == "float16"));
        foreach ((string name, long[] shape, double sum, double magnitude, double first, double last, double middle) in Expected)
        {
            WeightEntry entry = source.Entries.Single(e => e.Name == name);
            CollectionAssert.AreEqual(shape, entry.Shape.ToArray());
            double[] values = source.Read(entry);

            // The values are float16, so float64 sums of them differ only by the order of some million additions.
            Assert.AreEqual(sum, values.Sum(), 1e-12 * magnitude, name);
            Assert.AreEqual(magnitude, values.Sum(Math.Abs), 1e-12 * magnitude, name);
            Assert.AreEqual(first, values[0]);
            Assert.AreEqual(last, values[^1]);
            Assert.AreEqual(middle, values[12345 % values.Length]);
        }
    }

    private static string Find(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Inconclusive($"shared/{file} is not there");
        return string.Empty;
    }
}
