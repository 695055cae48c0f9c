using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Interp.Engine.Common;
using Interp.Weights;

namespace Interp.Tests.Cli.Support;

/// <summary>A converted VGG-shaped network with two convolutions, 32×32 input, ten named classes and random weights; made once for all
/// tests.</summary>
internal static class TinyModel
{
    public static readonly string[] Labels =
        ["tabby cat", "tiger cat", "goldfish", "zebra", "hay", "corn", "balloon", "umbrella", "bee", "goose"];

    private static readonly Lazy<string> Converted = new(Convert);

    /// <summary>The model's folder.</summary>
    public static string Folder => Converted.Value;

    /// <summary>Its weights as a safetensors file, or those of a network like it with another number of outputs.</summary>
    public static void WriteSafetensors(string path, int outputs = 10)
    {
        (string Name, int[] Shape)[] tensors = Tensors(outputs);
        var header = new StringBuilder("{");
        var data = new MemoryStream();
        for (int t = 0; t < tensors.Length; t++)
        {
            (string name, int[] shape) = tensors[t];
            long begin = data.Length;
            data.Write(MemoryMarshal.AsBytes<float>(Values(t, shape)));

            header.Append(
                $"{(t > 0 ? "," : "")}\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],"
                + $"\"data_offsets\":[{begin},{data.Length}]}}");
        }

        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using FileStream file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        file.Write(length);
        file.Write(text);
        data.WriteTo(file);
    }

    /// <summary>Its labels as a text file.</summary>
    public static void WriteLabels(string path) => File.WriteAllLines(path, Labels);

    private static (string Name, int[] Shape)[] Tensors(int outputs) =>
    [
        ("features.0.weight", [6, 3, 3, 3]), ("features.0.bias", [6]),
        ("features.3.weight", [8, 6, 3, 3]), ("features.3.bias", [8]),
        ("classifier.0.weight", [12, 32]), ("classifier.0.bias", [12]),
        ("classifier.3.weight", [outputs, 12]), ("classifier.3.bias", [outputs]),
    ];

    private static float[] Values(int tensor, int[] shape)
    {
        var rng = new Rng(7, (ulong)tensor);
        double scale = shape.Length == 1 ? 0.1 : Math.Sqrt(2.0 / shape.Skip(1).Aggregate(1, (a, b) => a * b));
        return [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (float)(scale * rng.Gaussian((ulong)i)))];
    }

    private static string Convert()
    {
        string root = Directory.CreateTempSubdirectory("interp-tiny-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        string file = Path.Combine(root, "tiny.safetensors"), labels = Path.Combine(root, "labels.txt"),
            folder = Path.Combine(root, "tiny");
        WriteSafetensors(file);
        WriteLabels(labels);
        ModelConverter.Convert(new ConversionRequest(file, folder) { LabelsFile = labels, InputSize = 32 });
        return folder;
    }
}
