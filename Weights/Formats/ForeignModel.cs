namespace Interp.Weights.Formats;

/// <summary>
/// Recognises what other programs keep networks in, by content, and says the one command that makes a file which can be read.
/// </summary>
internal static class ForeignModel
{
    private const string FromPyTorch = "bring the network from the program that made it: torch.onnx.export(model, "
        + "torch.rand(1, 3, 224, 224), \"model.onnx\")";

    private delegate bool Sign(ReadOnlySpan<byte> head, string path);

    /// <summary>Each kind: its sign, what it is, and what to do, where {0} stands for the file's path and {1} for its folder.</summary>
    private static readonly (Sign Sign, string What, string Command)[] Kinds =
    [
        ((h, _) => HasAt(h, 4, "TFL3"u8), "a TensorFlow Lite model",
            "convert it: python -m tf2onnx.convert --tflite \"{0}\" --output model.onnx --opset 17"),
        (IsSavedModel, "a TensorFlow SavedModel",
            "convert it: python -m tf2onnx.convert --saved-model \"{1}\" --output model.onnx --opset 17"),
        (IsFrozenGraph, "a frozen TensorFlow graph",
            "convert it: python -m tf2onnx.convert --graphdef \"{0}\" --inputs INPUT:0 --outputs OUTPUT:0 --output model.onnx --opset 17"),
        (IsTensorFlowJs, "a TensorFlow.js model",
            "convert it: python -m tf2onnx.convert --tfjs \"{0}\" --output model.onnx --opset 17"),
        (IsCoreMl, "a Core ML model", "convert it: python -c \"import coremltools as c, onnxmltools as o; "
            + "o.utils.save_model(o.convert_coreml(c.utils.load_spec('{0}')), 'model.onnx')\""),
        (IsOpenVino, "an OpenVINO model", FromPyTorch),
        ((h, p) => h is not [(byte)'P' or 0x80, ..] && IsWeightsOf(p, ".bin", ".xml"), "the weights of an OpenVINO model", FromPyTorch),
        (IsPaddle, "a PaddlePaddle model", "convert it: paddle2onnx --model_dir \"{1}\" --model_filename \"{2}\" --params_filename "
            + "\"{3}.pdiparams\" --save_file model.onnx"),
        (IsCaffeText, "a Caffe network without weights", "convert it with them: python -m caffe2onnx.convert --prototxt \"{0}\" "
            + "--caffemodel WEIGHTS.caffemodel --onnx model.onnx"),
        (IsCaffe, "the weights of a Caffe network",
            "convert them: python -m caffe2onnx.convert --prototxt NETWORK.prototxt --caffemodel \"{0}\" --onnx model.onnx"),
        ((h, _) => h.StartsWith("GGUF"u8), "a GGUF file of quantised weights", FromPyTorch),
        ((h, _) => HasAt(h, 4, "ORTM"u8), "an ONNX Runtime model (.ort)", "bring the .onnx file that it was made of"),
        ((h, _) => HasAt(h, 4, "ET"u8) && h.Length > 7 && char.IsAsciiDigit((char)h[6]) && char.IsAsciiDigit((char)h[7]),
            "an ExecuTorch program", "save the network itself: torch.export.save(torch.export.export(model.eval(), "
            + "(torch.rand(1, 3, 224, 224),)), \"model.pt2\")"),
    ];

    /// <summary>One clause: what the file is and what to do; null where it is nothing of these.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="path">Its path.</param>
    internal static string? Describe(ReadOnlySpan<byte> head, string path)
    {
        foreach ((Sign sign, string what, string command) in Kinds)
        {
            if (sign(head, path))
            {
                string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
                return $"is {what}, which cannot be read; " + command.Replace("{0}", path, StringComparison.Ordinal)
                    .Replace("{1}", folder, StringComparison.Ordinal).Replace("{2}", Path.GetFileName(path), StringComparison.Ordinal)
                    .Replace("{3}", Path.GetFileNameWithoutExtension(path), StringComparison.Ordinal);
            }
        }

        return null;
    }

    /// <summary>The same for a folder.</summary>
    internal static string? DescribeFolder(string path)
    {
        string saved = Path.Combine(path, "saved_model.pb");
        return File.Exists(saved) ? Describe([0x08, 0x01, 0x12, 1, 0x0A], saved)
            : Directory.Exists(Path.Combine(path, "Data", "com.apple.CoreML"))
                ? $"is a Core ML package, which cannot be read; {FromPyTorch}"
            : null;
    }

    private static bool HasAt(ReadOnlySpan<byte> head, int position, ReadOnlySpan<byte> text) =>
        head.Length >= position + text.Length && head[position..].StartsWith(text);

    private static bool Ends(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>A version and a message: what begins a SavedModel, a Core ML model, and, with a name instead, an ONNX one.</summary>
    private static bool IsVersionAndMessage(ReadOnlySpan<byte> head) => head is [0x08, <= 32, 0x12, ..] && Content(head, 2) is [0x0A, ..];

    private static bool IsSavedModel(ReadOnlySpan<byte> head, string path) => Ends(path, ".pb") && IsVersionAndMessage(head);

    private static bool IsCoreMl(ReadOnlySpan<byte> head, string path) => Ends(path, ".mlmodel") && head is [0x08, <= 32, ..];

    /// <summary>Nodes, of which the first is a message that begins with its name.</summary>
    private static bool IsFrozenGraph(ReadOnlySpan<byte> head, string path) => Ends(path, ".pb") && head is [0x0A, ..]
        && Content(head, 0) is [0x0A, var length, ..] && length < 0x80;

    /// <summary>A block whose number is 0 and whose parent's is −1.</summary>
    private static bool IsPaddle(ReadOnlySpan<byte> head, string path) => head is [0x0A, ..]
        && Content(head, 0).StartsWith((ReadOnlySpan<byte>)[0x08, 0x00, 0x10, 0xFF, 0xFF, 0xFF, 0xFF]);

    /// <summary>A name, then layers or inputs.</summary>
    private static bool IsCaffe(ReadOnlySpan<byte> head, string path)
    {
        if (head is not [0x0A, > 0 and < 0x80 and var length, ..] || head.Length < length + 4)
        {
            return false;
        }

        return Printable(head.Slice(2, length)) && (head[(2 + length)..] is [0xA2, 0x06, ..]
            || (Ends(path, ".caffemodel") && head[2 + length] is 0x12 or 0x1A));
    }

    private static bool IsCaffeText(ReadOnlySpan<byte> head, string path)
    {
        string text = ForeignFile.TextOf(head);
        return text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '#')
            && (text.Contains("layer {", StringComparison.Ordinal) || text.Contains("layers {", StringComparison.Ordinal)
                || text.Contains("input_dim:", StringComparison.Ordinal) || text.Contains("input_shape {", StringComparison.Ordinal)
                || text.Contains("input_param {", StringComparison.Ordinal));
    }

    private static bool IsOpenVino(ReadOnlySpan<byte> head, string path)
    {
        string text = ForeignFile.TextOf(head);
        return text.StartsWith('<') && text.Contains("<net ", StringComparison.Ordinal);
    }

    private static bool IsTensorFlowJs(ReadOnlySpan<byte> head, string path)
    {
        string text = ForeignFile.TextOf(head);
        return text.StartsWith('{') && (text.Contains("\"modelTopology\"", StringComparison.Ordinal)
            || text.Contains("\"layers-model\"", StringComparison.Ordinal) || text.Contains("\"graph-model\"", StringComparison.Ordinal)
            || text.Contains("\"weightsManifest\"", StringComparison.Ordinal));
    }

    /// <summary>A file without signs of its own, beside one of the same name.</summary>
    private static bool IsWeightsOf(string path, string extension, string other) =>
        Ends(path, extension) && File.Exists(Path.ChangeExtension(path, other));

    private static bool Printable(ReadOnlySpan<byte> text)
    {
        foreach (byte letter in text)
        {
            if (letter is < 0x20 or > 0x7E)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What is in a field whose tag stands at a position; empty where the length is none.</summary>
    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> head, int tag)
    {
        for (int at = tag + 1; at < head.Length && at < tag + 11; at++)
        {
            if (head[at] < 0x80)
            {
                return head[(at + 1)..];
            }
        }

        return [];
    }
}
