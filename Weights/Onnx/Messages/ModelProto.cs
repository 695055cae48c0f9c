namespace Interp.Weights.Onnx.Messages;

/// <summary>ONNX's message of the same name: a file.</summary>
internal sealed class ModelProto
{
    internal long IrVersion { get; set; }

    internal string Producer { get; set; } = "";

    internal string ProducerVersion { get; set; } = "";

    internal GraphProto? Graph { get; set; }

    /// <summary>The opsets by their domains.</summary>
    internal List<(string Domain, long Version)> Opsets { get; } = [];

    internal List<(string Key, string Value)> Metadata { get; } = [];

    internal List<FunctionProto> Functions { get; } = [];
}

/// <summary>ONNX's message of the same name.</summary>
internal sealed class GraphProto
{
    internal List<NodeProto> Nodes { get; } = [];

    internal List<TensorProto> Initializers { get; } = [];

    internal List<SparseTensorProto> SparseInitializers { get; } = [];

    internal List<ValueInfoProto> Inputs { get; } = [];

    internal List<ValueInfoProto> Outputs { get; } = [];
}

/// <summary>ONNX's message of the same name: a function that the file itself defines.</summary>
internal sealed class FunctionProto
{
    internal string Name { get; set; } = "";

    internal string Domain { get; set; } = "";

    internal string Overload { get; set; } = "";

    internal List<string> Inputs { get; } = [];

    internal List<string> Outputs { get; } = [];

    /// <summary>Attributes with default values.</summary>
    internal List<AttributeProto> Defaults { get; } = [];

    internal List<NodeProto> Nodes { get; } = [];

    internal List<(string Domain, long Version)> Opsets { get; } = [];
}

/// <summary>ONNX's message of the same name. Of the metadata, what tells the module is kept.</summary>
internal sealed class NodeProto
{
    internal string Name { get; set; } = "";

    internal string Operator { get; set; } = "";

    internal string Domain { get; set; } = "";

    internal string Overload { get; set; } = "";

    internal List<string> Inputs { get; } = [];

    internal List<string> Outputs { get; } = [];

    internal List<AttributeProto> Attributes { get; } = [];

    /// <summary>PyTorch's <c>name_scopes</c>: <c>['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']</c>; null without.</summary>
    internal string? Scopes { get; set; }

    /// <summary>PyTorch's <c>class_hierarchy</c>, of the same form: the scopes' classes.</summary>
    internal string? Classes { get; set; }

    /// <summary>What PyTorch's optimiser has done to it; null without.</summary>
    internal string? Rewriting { get; set; }
}

/// <summary>ONNX's message of the same name. Which value counts is said by its type, where it says one.</summary>
internal sealed class AttributeProto
{
    internal string Name { get; set; } = "";

    /// <summary>The name of the calling function's attribute whose value this one takes; empty for its own.</summary>
    internal string Reference { get; set; } = "";

    internal AttributeType Type { get; set; }

    internal float? Float { get; set; }

    internal long? Int { get; set; }

    internal string? String { get; set; }

    internal TensorProto? Tensor { get; set; }

    internal SparseTensorProto? SparseTensor { get; set; }

    internal GraphProto? Graph { get; set; }

    internal List<float> Floats { get; } = [];

    internal List<long> Ints { get; } = [];

    internal List<string> Strings { get; } = [];

    /// <summary>Whether it holds something that no operator read here has: several tensors or graphs, a type.</summary>
    internal bool HasOther { get; set; }
}

/// <summary>What an attribute is.</summary>
internal enum AttributeType
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    Tensors = 9,
    Graphs = 10,
    SparseTensor = 11,
    SparseTensors = 12,
    TypeProto = 13,
    TypeProtos = 14,
}

/// <summary>ONNX's message of the same name, with its type: a value that comes in or out.</summary>
internal sealed class ValueInfoProto
{
    internal string Name { get; set; } = "";

    /// <summary>The field of <c>TypeProto</c> that is set: 1 for a tensor, 0 for none.</summary>
    internal int Kind { get; set; }

    internal int ElementType { get; set; }

    /// <summary>The sizes; null for one that is open; null where the file does not say their number.</summary>
    internal List<long?>? Shape { get; set; }
}
