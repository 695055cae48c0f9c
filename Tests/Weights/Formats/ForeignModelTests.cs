using System.Text;
using Interp.Engine.Common;
using Interp.Weights;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Formats;

/// <summary>Models of other programs: each is named, with the command that converts it.</summary>
[TestClass]
public class ForeignModelTests
{
    private const string Tf = "python -m tf2onnx.convert ";

    [TestMethod]
    public void TensorFlow_IsConvertedByTf2Onnx()
    {
        Says("net.tflite", [0x1C, 0, 0, 0, .. "TFL3"u8, 0, 0], "a TensorFlow Lite model", Tf + "--tflite \"{0}\" --output model.onnx");
        Says("saved_model.pb", [0x08, 0x01, 0x12, 0x90, 0x01, 0x0A, 0x05, 1], "a TensorFlow SavedModel", Tf + "--saved-model \"{1}\"");
        Says("frozen.pb", [0x0A, 0x20, 0x0A, 5, .. "input"u8, 0x12, 11, .. "Placeholder"u8], "frozen TensorFlow graph",
            Tf + "--graphdef \"{0}\"");
        Says("model.json", "{\"format\": \"graph-model\", \"generatedBy\": \"2.8\", \"modelTopology\": {}}"u8, "TensorFlow.js",
            Tf + "--tfjs \"{0}\"");
        Says("model.json", "{\"modelTopology\": {\"keras_version\": \"2.4\"}, \"weightsManifest\": []}"u8, "TensorFlow.js");
    }

    [TestMethod]
    public void Folders_AreNamed()
    {
        string folder = Directory.CreateTempSubdirectory("interp-folder-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "saved_model.pb"), [8, 1]);
            Directory.CreateDirectory(Path.Combine(folder, "variables"));
            Assert.Contains($"{Tf}--saved-model \"{folder}\" --output model.onnx", Refusal(folder));
            string package = Path.Combine(folder, "net.mlpackage");
            Directory.CreateDirectory(Path.Combine(package, "Data", "com.apple.CoreML"));
            Assert.Contains("is a Core ML package", Refusal(package));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public void OtherPrograms_AreNamed()
    {
        Says("net.mlmodel", [0x08, 0x04, 0x12, 0x10, 0x0A, 0x05, .. "image"u8], "a Core ML model", "coremltools", "load_spec('{0}')");
        Says("net.xml", "<?xml version=\"1.0\"?>\n<net name=\"resnet\" version=\"11\">"u8, "an OpenVINO model",
            "torch.onnx.export(model, ");
        Says("inference.pdmodel", [0x0A, 0xA0, 0x08, 0x08, 0x00, 0x10, .. Enumerable.Repeat((byte)0xFF, 9), 0x01, 0x1A], "PaddlePaddle",
            "paddle2onnx --model_dir \"{1}\" --model_filename \"inference.pdmodel\" --params_filename \"inference.pdiparams\"");
        Says("deploy.prototxt", "# VGG\nname: \"VGG\"\ninput: \"data\"\ninput_dim: 1\nlayer {\n  name: \"conv1\"\n}"u8,
            "a Caffe network without weights", "python -m caffe2onnx.convert --prototxt \"{0}\"");
        Says("vgg.caffemodel", [0x0A, 3, .. "VGG"u8, 0xA2, 0x06, 0x20, 0x0A], "the weights of a Caffe network", "--caffemodel \"{0}\"");
        Says("old.caffemodel", [0x0A, 7, .. "AlexNet"u8, 0x12, 0x20, 0x0A], "the weights of a Caffe network");
        Says("net.gguf", "GGUF\u0003\0\0\0"u8, "a GGUF file", "torch.onnx.export(model, ");
        Says("net.ort", [0x20, 0, 0, 0, .. "ORTM"u8, 0], "an ONNX Runtime model", "the .onnx file");
        Says("net.pte", [0x20, 0, 0, 0, .. "ET12"u8, 0], "an ExecuTorch program", "torch.export.save(");
    }

    [TestMethod]
    public void WeightsOfOpenVino_AreKnownByTheirNeighbour()
    {
        using var file = new ScratchFile(new byte[64], "net.bin");
        Assert.IsFalse(Refusal(file.Path).Contains("OpenVINO", StringComparison.Ordinal));
        File.WriteAllText(Path.ChangeExtension(file.Path, ".xml"), "<net name=\"x\">");
        Assert.Contains("the weights of an OpenVINO model", Refusal(file.Path));
    }

    [TestMethod]
    public void FilesThatAreRead_AreNoneOfThese()
    {
        foreach (string file in new[] { "plain-zip.pth", "plain-legacy.pth", "plain.safetensors" })
        {
            Assert.IsNull(ForeignModel.Describe(Fixtures.BytesOf(file).AsSpan(0, 200), file));
        }

        byte[][] onnx = [[8, 7, 0x12, 7, .. "pytorch"u8], [8, 3, 0x12, 0, 0x3A, 5], [8, 8, 0x3A, 0x80, 0x01, 0x0A, 0x20]];
        foreach (byte[] head in onnx)
        {
            Assert.IsNull(ForeignModel.Describe(head, "model.onnx"));
        }
    }

    /// <summary>A file of that content is refused with these words, in which {0} is its path and {1} its folder.</summary>
    private static void Says(string name, ReadOnlySpan<byte> content, params string[] words)
    {
        using var file = new ScratchFile(content.ToArray(), name);
        string message = Refusal(file.Path);
        foreach (string word in words)
        {
            Assert.Contains(word.Replace("{0}", file.Path).Replace("{1}", Path.GetDirectoryName(file.Path)!), message,
                StringComparison.Ordinal);
        }
    }

    /// <summary>The one line with which a file is refused, as a graph and as weights.</summary>
    private static string Refusal(string path)
    {
        string message = Assert.ThrowsExactly<ModelException>(() =>
        {
            GraphFormats.Open(path)?.Dispose();
            WeightFormats.Open(path).Dispose();
        }).Message;
        Assert.StartsWith($"{path}: ", message);
        Assert.DoesNotContain('\n', message);
        Assert.AreEqual(message, Assert.ThrowsExactly<ModelException>(() => WeightFormats.Open(path).Dispose()).Message);
        return message;
    }
}
