using System.Buffers.Binary;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Writes ONNX messages for tests. Parts of a graph are written as a graph with one field, and joined.</summary>
internal static partial class Model
{
    /// <summary>A whole file of one graph.</summary>
    internal static Proto Of(long opset, params Proto[] parts) => Of(8, [("", opset)], parts);

    internal static Proto Of(long ir, (string Domain, long Version)[] opsets, params Proto[] parts)
    {
        Proto model = new Proto().Varint(1, ir).Text(2, "test");
        foreach ((string domain, long version) in opsets)
        {
            model.Message(8, Opset(domain, version));
        }

        return model.Message(7, Graph(parts));
    }

    internal static Proto Opset(string domain, long version) => new Proto().Text(1, domain).Varint(2, version);

    internal static Proto Graph(params Proto[] parts) => parts.Aggregate(new Proto().Text(2, "g"), (graph, part) => graph.With(part));

    /// <summary>A function of the file: a field of the model.</summary>
    internal static Proto Function(string domain, string name, string inputs, string outputs, Proto[] nodes, params Proto[] defaults)
    {
        Proto function = new Proto().Text(1, name).Text(10, domain).Message(9, Opset("", 17));
        Names(function, 4, inputs);
        Names(function, 5, outputs);
        foreach (Proto node in nodes)
        {
            function.Blob(7, node.Content);
        }

        foreach (Proto attribute in defaults)
        {
            function.Blob(11, attribute.Content);
        }

        return new Proto().Message(25, function);
    }

    /// <summary>A node: <c>Node("Add", "a b", "c")</c>; <c>_</c> stands for a name that is left out.</summary>
    internal static Proto Node(string type, string inputs, string outputs, params Proto[] attributes) =>
        Node(type, inputs, outputs, "", "", attributes);

    internal static Proto Node(string type, string inputs, string outputs, string name, string domain, params Proto[] attributes)
    {
        var node = new Proto();
        Names(node, 1, inputs);
        Names(node, 2, outputs);
        node.Text(3, name).Text(4, type).Text(7, domain);
        return new Proto().Message(1, attributes.Aggregate(node, (n, attribute) => n.With(attribute)));
    }

    internal static Proto Input(string name, int type = 1, params long[] sizes) => new Proto().Message(11, Value(name, type, sizes));

    internal static Proto Output(string name, params long[] sizes) =>
        new Proto().Message(12, Value(name, 1, sizes.Length > 0 ? sizes : [1, 1]));

    internal static Proto Initializer(Proto tensor) => new Proto().Message(5, tensor);

    internal static Proto Floats(string name, long[] dims, params float[] values) =>
        Tensor(name, 1, dims).Blob(9, Proto.Floats(values));

    internal static Proto Integers(string name, long[] dims, params long[] values)
    {
        var bytes = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * i), values[i]);
        }

        return Tensor(name, 7, dims).Blob(9, bytes);
    }

    internal static Proto Tensor(string name, int type, long[] dims) => new Proto().Packed(1, dims).Varint(2, type).Text(8, name);

    /// <summary>Float32 values that lie in a file beside the model.</summary>
    internal static Proto External(string name, long[] dims, string location, long offset, long length)
    {
        Proto tensor = Tensor(name, 1, dims);
        foreach ((string key, string value) in new[] { ("location", location), ("offset", $"{offset}"), ("length", $"{length}") })
        {
            tensor.Message(13, new Proto().Text(1, key).Text(2, value));
        }

        return tensor.Varint(14, 1);
    }

    internal static Proto Attribute(string name, long value) => Attribute(name, 2, a => a.Varint(3, value));

    internal static Proto Attribute(string name, float value) => Attribute(name, 1, a => a.Fixed32(2, value));

    internal static Proto Attribute(string name, string value) => Attribute(name, 3, a => a.Text(4, value));

    internal static Proto Attribute(string name, params long[] values) => Attribute(name, 7, a => a.Packed(8, values));

    internal static Proto Attribute(string name, params float[] values) => Attribute(name, 6, a => a.Blob(7, Proto.Floats(values)));

    internal static Proto TensorAttribute(string name, Proto tensor) => Attribute(name, 4, a => a.Message(5, tensor));

    internal static Proto GraphAttribute(string name, params Proto[] parts) => Attribute(name, 5, a => a.Message(6, Graph(parts)));

    /// <summary>An attribute that takes the value of the function's attribute of another name.</summary>
    internal static Proto Reference(string name, int type, string from) => Attribute(name, type, a => a.Text(21, from));

    internal static Proto Metadata(string key, string value) => new Proto().Message(14, new Proto().Text(1, key).Text(2, value));

    internal static Proto Attribute(string name, int type, Func<Proto, Proto> value) =>
        new Proto().Message(5, value(new Proto().Text(1, name).Varint(20, type)));

    private static Proto Value(string name, int type, long[] sizes)
    {
        Proto shape = sizes.Aggregate(
            new Proto(), (s, size) => s.Message(1, size > 0 ? new Proto().Varint(1, size) : new Proto().Text(2, "N")));
        return new Proto().Text(1, name).Message(2, new Proto().Message(1, new Proto().Varint(1, type).Message(2, shape)));
    }

    private static void Names(Proto message, int field, string names)
    {
        foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            message.Text(field, name == "_" ? "" : name);
        }
    }
}
