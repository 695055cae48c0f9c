using System.Runtime.InteropServices;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Tests.Weights.Onnx;

namespace Interp.Benchmarks;

/// <summary>Writes a network as an ONNX file of fixed shapes, with the operators that PyTorch's exporter writes for torchvision's models,
/// and its parameters in a file beside it.</summary>
internal sealed class OnnxFile
{
    /// <summary>The file of the parameters.</summary>
    private const string Data = "weights.bin";

    private const int Alignment = 64;

    private readonly Session _session;
    private readonly Stream _data;
    private readonly bool _normalisesLayers;
    private readonly List<Proto> _parts = [];
    private readonly string[] _values; // the names of what nodes give
    private int _names;

    private OnnxFile(Network network, Session session, Stream data)
    {
        (_session, _data, _values) = (session, data, new string[network.Nodes.Length]);
        _normalisesLayers = network.Nodes.Any(n => n.Layer is LayerNorm);
        _values[0] = "input";
        _parts.Add(Model.Input("input", 1, Dims(session.InputShape)));
        foreach (Node node in network.Nodes.Skip(1))
        {
            _values[node.Id] = Add(node, [.. node.Inputs.Select(i => _values[i])]);
        }

        _parts.Add(Model.Output(_values[network.Output.Id], Dims(session.ShapeOf(network.Output))));
    }

    /// <summary>Writes the files, and says where the model is.</summary>
    /// <param name="network">Any network of layers that torchvision's have.</param>
    /// <param name="session">A session of it, for the shapes.</param>
    /// <param name="folder">An existing folder.</param>
    public static string Write(Network network, Session session, string folder)
    {
        using FileStream data = File.Create(Path.Combine(folder, Data));
        var file = new OnnxFile(network, session, data);
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, Model.Of(9, [("", 20)], [.. file._parts]).Bytes);
        return path;
    }

    private static long[] Dims(Shape shape) => [.. shape.Dims.Select(d => (long)d)];

    private static long[] Pair(Size2 size) => [size.H, size.W];

    private string Add(Node node, string[] inputs)
    {
        string x = inputs[0];
        Shape before = _session.ShapeOf(_session.Network.Nodes[node.Inputs[0]]), after = _session.ShapeOf(node);
        return node.Layer switch
        {
            Conv2d { Groups: 1, Window: var w } when _normalisesLayers && w == Window.Square(1) => LastChannels(x, rows =>
                Emit("Add", [Emit("MatMul", [rows, Turned(node.Weights[0])]), Parameter(node.Weights[1])])),
            Conv2d conv => Emit("Conv", [x, .. node.Weights.Select(Parameter)], [.. Sliding(conv.Window, before),
                Model.Attribute("dilations", Pair(conv.Window.Dilation)), Model.Attribute("group", conv.Groups)]),
            Linear => Emit("Gemm", [x, .. node.Weights.Select(Parameter)], Model.Attribute("transB", 1)),
            ReLU => Emit("Relu", [x]),
            Activation activation => Activate(activation.Function, x),
            ChannelAffine when _normalisesLayers => // a scale alone
                Emit("Mul", [x, Parameter(node.Weights[0], [after[1], 1, 1])]),
            ChannelAffine affine => Emit("BatchNormalization", [x, .. node.Weights.Select(Parameter),
                Constant(affine.Channels, 0), Constant(affine.Channels, 1)], Model.Attribute("epsilon", 0f)),
            LayerNorm norm => LastChannels(x, rows => Emit("LayerNormalization", [rows, .. node.Weights.Select(Parameter)],
                Model.Attribute("axis", -1), Model.Attribute("epsilon", (float)norm.Epsilon))),
            MaxPool2d pool => Emit("MaxPool", [x], [.. Sliding(pool.Window, before),
                Model.Attribute("dilations", Pair(pool.Window.Dilation)), Model.Attribute("ceil_mode", pool.CeilMode ? 1 : 0)]),
            AvgPool2d pool => Emit("AveragePool", [x], [.. Sliding(pool.Window, before),
                Model.Attribute("ceil_mode", pool.CeilMode ? 1 : 0), Model.Attribute("count_include_pad", pool.CountPadding ? 1 : 0)]),
            AdaptiveAvgPool2d when before == after => x,
            AdaptiveAvgPool2d { Output: (1, 1) } => Emit("GlobalAveragePool", [x]),
            Engine.Layers.Add => inputs.Skip(1).Aggregate(x, (sum, other) => Emit("Add", [sum, other])),
            Multiply => Emit("Mul", inputs),
            Concat => Emit("Concat", inputs, Model.Attribute("axis", 1)),
            ChannelSlice slice => Emit("Slice", [x, Integers(slice.First), Integers(slice.First + slice.Count), Integers(1)]),
            ChannelShuffle { Groups: var g } => Emit("Reshape", [
                Emit("Transpose", [Emit("Reshape", [x, Integers(after[0], g, after[1] / g, after[2], after[3])])],
                    Model.Attribute("perm", 0, 2, 1, 3, 4)),
                Integers(Dims(after))]),
            Dropout or Identity => x,
            Flatten => Emit("Flatten", [x]),
            _ => throw new NotSupportedException($"layer '{node.Name}' ({node.Layer.Kind}) has no operator here"),
        };
    }

    private string Activate(string function, string x) => function switch
    {
        "relu6" => Emit("Clip", [x, Scalar(0), Scalar(6)]),
        "silu" => Emit("Mul", [x, Emit("Sigmoid", [x])]),
        "hardswish" => Emit("HardSwish", [x]),
        "hardsigmoid" => Emit("HardSigmoid", [x], Model.Attribute("alpha", 1f / 6), Model.Attribute("beta", 0.5f)),
        "gelu" => Emit("Gelu", [x]),
        "sigmoid" => Emit("Sigmoid", [x]),
        "tanh" => Emit("Tanh", [x]),
        _ => throw new NotSupportedException($"activation '{function}' has no operator here"),
    };

    private static Proto[] Sliding(Window window, Shape input)
    {
        Window at = window.At(input[2], input[3]);
        Size2 end = at.PaddingEnd ?? at.Padding;
        return [Model.Attribute("kernel_shape", Pair(at.Kernel)), Model.Attribute("strides", Pair(at.Stride)),
            Model.Attribute("pads", at.Padding.H, at.Padding.W, end.H, end.W)];
    }

    /// <summary>Calls a function of the channels of each pixel, as torchvision's ConvNeXt does.</summary>
    private string LastChannels(string x, Func<string, string> function) =>
        Emit("Transpose", [function(Emit("Transpose", [x], Model.Attribute("perm", 0, 2, 3, 1)))], Model.Attribute("perm", 0, 3, 1, 2));

    private string Emit(string type, string[] inputs, params Proto[] attributes)
    {
        string name = Name();
        _parts.Add(Model.Node(type, string.Join(' ', inputs), name, name, "", attributes));
        return name;
    }

    private string Parameter(Weight weight) => Parameter(weight, Dims(weight.Shape));

    private string Parameter(Weight weight, long[] dims) => Parameter(weight.ToArray(), dims);

    /// <summary>The filters [out, in] of a 1×1 convolution as the matrix [in, out].</summary>
    private string Turned(Weight filters)
    {
        float[] values = filters.ToArray();
        int outputs = filters.Shape[0], channels = filters.Shape[1];
        return Parameter([.. Enumerable.Range(0, values.Length).Select(i => values[i % outputs * channels + i / outputs])],
            [channels, outputs]);
    }

    private string Parameter(float[] values, long[] dims)
    {
        string name = Name();
        _data.Position = (_data.Position + Alignment - 1) / Alignment * Alignment;
        _parts.Add(Model.Initializer(Model.External(name, dims, Data, _data.Position, values.LongLength * sizeof(float))));
        _data.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        return name;
    }

    private string Constant(int count, float value) => Parameter([.. Enumerable.Repeat(value, count)], [count]);

    private string Scalar(float value)
    {
        string name = Name();
        _parts.Add(Model.Initializer(Model.Floats(name, [], value)));
        return name;
    }

    private string Integers(params long[] values)
    {
        string name = Name();
        _parts.Add(Model.Initializer(Model.Integers(name, [values.Length], values)));
        return name;
    }

    private string Name() => $"v{_names++}";
}
