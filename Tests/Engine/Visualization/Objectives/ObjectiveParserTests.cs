using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Parsing;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Objectives;

[TestClass]
public sealed class ObjectiveParserTests
{
    private static readonly Network Net = Labelled();
    private static readonly ObjectiveSources Photos = new(
        (path, node) => path == "missing.jpg" ? throw new InputException($"{path}: cannot be read") : (new Shape(1, 2, 1, 1), [1, 2]),
        _ => new float[90]);

    [TestMethod]
    [DataRow("features.2:16")]
    [DataRow("features.2:16,3,0")]
    [DataRow("features.2:16,c")]
    [DataRow("features.2")]
    [DataRow("\"tv\":1")]
    [DataRow("\"odd layer, \"\"b\"\"\":1 + tv")]
    [DataRow("class:1")]
    [DataRow("probability:2")]
    [DataRow("direction(features.2, random:7)")]
    [DataRow("direction(features.2, random:7, 2)")]
    [DataRow("direction(features.2, random:7, 0, c)")]
    [DataRow("direction(features.2, random:7, 1.5, 3,4)")]
    [DataRow("cosine(features.2, random:7)")]
    [DataRow("cosine(features.2, random:7, 3,4)")]
    [DataRow("interpolate(features.2:3, features.2:9)")]
    [DataRow("interpolate(features.2:3,1,1, features.2:9,c)")]
    [DataRow("interpolate(features.2:3 + 2 * class:1, -class:2)")]
    [DataRow("diversity(features.2)")]
    [DataRow("invert(features.2, photos/my photo-1.jpg)")]
    [DataRow("caricature(features.2, photo.jpg)")]
    [DataRow("caricature(features.2, \"a, (b).jpg\", 2)")]
    [DataRow("style(features.2, photo.jpg) + style(features.0, photo.jpg)")]
    [DataRow("tv")]
    [DataRow("l1 - 0.5 * l2")]
    [DataRow("distance(photo.jpg) * (tv - boundary) - boundary(7)")]
    [DataRow("features.2:1 - (class:1 + 1E-05 * tv) + 3")]
    [DataRow("-2 * features.2:1 * features.2:2")]
    public void Parse_Name_GivesTheNameBack(string text) => Assert.AreEqual(text, Parse(text).Name);

    [TestMethod]
    [DataRow(" features.2 : 16 , 3 , 0 ", "features.2:16,3,0")]
    [DataRow("neuron(features.2:16)", "features.2:16,c")]
    [DataRow("neuron(features.2:16,1,2)", "features.2:16,1,2")]
    [DataRow("features.2:3-features.2:5", "features.2:3 - features.2:5")]
    [DataRow("2*3*features.2:3", "6 * features.2:3")]
    [DataRow("--tv", "tv")]
    [DataRow("-(-tv)", "tv")]
    [DataRow("((tv))*1e-3", "0.001 * tv")]
    [DataRow("class:tabby", "class:0")]
    [DataRow("CLASS:\"egyptian cat\"", "class:1")]
    [DataRow("class(2)", "class:2")]
    [DataRow("probability:dog", "probability:2")]
    [DataRow("l1()", "l1")]
    [DataRow("(tv + l1) + l2", "tv + l1 + l2")]
    [DataRow("boundary(20)", "boundary")]
    public void Parse_OtherWording_MeansTheSame(string text, string name) => Assert.AreEqual(name, Parse(text).Name);

    [TestMethod]
    [DataRow("features.2:1 +", 15, "found the end")]
    [DataRow("", 1, "expected a unit")]
    [DataRow("features.2:", 12, "expected a channel of features.2")]
    [DataRow("features.2:17", 1, "expected 0 to 16, found 17")]
    [DataRow("tv + featurs.2:1", 6, "nearest are features.2")]
    [DataRow("features.2:1,7", 13, "found ','")]
    [DataRow("features.2:1 tv", 14, "found 'tv'")]
    [DataRow("class:Egyptian cat", 16, "\"Egyptian cat\"")]
    [DataRow("class:cat", 1, "ambiguous")]
    [DataRow("class:7", 1, "expected 0 to 6")]
    [DataRow("2 * class", 5, "class:45")]
    [DataRow("clas(3)", 1, "expected one of neuron, class")]
    [DataRow("invert(features.2)", 18, "',' and a photo in invert(LAYER, PHOTO)")]
    [DataRow("invert(features.2, missing.jpg)", 1, "cannot be read")]
    [DataRow("style(features.2, )", 19, "a photo")]
    [DataRow("direction(features.2, none.npy)", 1, "none.npy")]
    [DataRow("neuron(tv)", 8, "expected LAYER:CHANNEL")]
    [DataRow("(tv", 4, "expected ')'")]
    [DataRow("tv)", 3, "found ')'")]
    [DataRow("\"tv", 1, "found '\"'")]
    [DataRow("boundary(0)", 11, "a width in pixels")]
    [DataRow("tv ^ 2", 4, "found '^'")]
    [DataRow("features.2:99999999999", 12, "expected a smaller number")]
    public void Parse_Mistake_NamesThePlaceAndWhatIsExpected(string text, int character, string part)
    {
        string message = Assert.ThrowsExactly<InputException>(() => Parse(text)).Message;

        StringAssert.StartsWith(message, $"objective '{text}', character {character}: ");
        StringAssert.Contains(message, part);
        Assert.IsFalse(message.Contains('\n'));
    }

    [TestMethod]
    [DataRow("3 * 4")]
    [DataRow("1e999 * tv")]
    [DataRow("1e300 * 1e300 * tv")]
    public void Parse_NumbersThatMakeNoObjective_Throws(string text) => Assert.ThrowsExactly<InputException>(() => Parse(text));

    [TestMethod]
    public void Parse_EndlessText_Throws()
    {
        Assert.ThrowsExactly<InputException>(() => Parse(new string('(', 4000) + "tv"));
        Assert.ThrowsExactly<InputException>(() => Parse(string.Concat(Enumerable.Repeat("tv + ", 1000)) + "tv"));
        Assert.ThrowsExactly<InputException>(() => Parse("invert(features.2, x.jpg)", sources: false));
    }

    [TestMethod]
    public void Vector_File_HasAValueForEachChannel()
    {
        using var folder = new TemporaryFolder();
        string right = Write("right.npy", 17, 1), wrong = Write("wrong.npy", 16, 1), zero = Write("zero.npy", 17, 0);

        Assert.AreEqual($"direction(features.2, {right})", Parse($"direction(features.2, {right})").Name);
        StringAssert.Contains(Assert.ThrowsExactly<InputException>(() => Parse($"cosine(features.2, {wrong})")).Message,
            "17 finite values");
        Assert.ThrowsExactly<InputException>(() => Parse($"cosine(features.2, {zero})"));

        string Write(string name, int length, float value)
        {
            string path = folder[name];
            using FileStream stream = File.Create(path);
            float[] values = new float[length];
            Array.Fill(values, value);
            Npy.Write(stream, new Shape(length), values);
            return path;
        }
    }

    [TestMethod]
    public void Catalog_Examples_AreOfTheirForm()
    {
        foreach (ObjectiveForm form in ObjectiveCatalog.All)
        {
            StringAssert.Contains(form.Example, form.Name);
            StringAssert.StartsWith(form.Usage, form.Name);
        }
    }

    private static Objective Parse(string text, bool sources = true) => ObjectiveParser.Parse(text, Net, sources ? Photos : null);

    private static Network Labelled()
    {
        var random = new Gaussian(71);
        var builder = new NetworkBuilder(3);
        (string Name, int From, int To)[] layers = [("features.0", 3, 8), ("features.2", 8, 17), ("tv", 17, 4), ("odd layer, \"b\"", 4, 7)];
        foreach ((string name, int from, int to) in layers)
        {
            Layer layer = new Conv2d(from, to, Window.Square(1));
            builder.Then(name, layer, [.. layer.Parameters.Select((s, i) => Weight.FromValues($"{name}.{i}", s, random.Values(s.Count)))]);
        }

        builder.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        ImmutableArray<string> labels = ["tabby, tabby cat", "Egyptian cat", "dog", "bird", "bee", "boat", "bus"];
        return builder.Build("labelled", new Preprocessing { InputSize = 8 }, new Labels(labels));
    }
}
