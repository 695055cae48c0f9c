using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx.Messages;

/// <summary>Reads graphs, their nodes and attributes.</summary>
internal static class GraphParser
{
    private const string TorchScopes = "pkg.torch.onnx.name_scopes";
    private const string TorchClasses = "pkg.torch.onnx.class_hierarchy";
    private const string TorchRewriting = "pkg.onnxscript.rewriter.rule_name";
    private const int MaxScopes = 1 << 13;
    private const int MaxText = 1 << 20;

    /// <summary>Reads a graph, or a part of one that has begun.</summary>
    internal static void Read(ProtoReader reader, GraphProto graph)
    {
        reader.File.Budget.Take(1000);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    graph.Nodes.Add(Node(reader.Message()));
                    break;
                case 5:
                    var tensor = new TensorProto();
                    TensorParser.Read(reader.Message(), tensor);
                    graph.Initializers.Add(tensor);
                    break;
                case 11:
                    graph.Inputs.Add(TensorParser.ValueInfo(reader.Message()));
                    break;
                case 12:
                    graph.Outputs.Add(TensorParser.ValueInfo(reader.Message()));
                    break;
                case 15:
                    var sparse = new SparseTensorProto();
                    TensorParser.Read(reader.Message(), sparse);
                    graph.SparseInitializers.Add(sparse);
                    break;
            }
        }
    }

    /// <summary>Reads a node.</summary>
    internal static NodeProto Node(ProtoReader reader)
    {
        reader.File.Budget.Take(1000);
        var node = new NodeProto();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    AddName(reader, node.Inputs);
                    break;
                case 2:
                    AddName(reader, node.Outputs);
                    break;
                case 3:
                    node.Name = reader.Name();
                    break;
                case 4:
                    node.Operator = reader.Name();
                    break;
                case 5:
                    node.Attributes.Add(Attribute(reader.Message()));
                    break;
                case 7:
                    node.Domain = Domain(reader);
                    break;
                case 8:
                    node.Overload = reader.Name();
                    break;
                case 9:
                    Metadata(reader.Message(), node);
                    break;
            }
        }

        return node;
    }

    /// <summary>Reads an attribute.</summary>
    internal static AttributeProto Attribute(ProtoReader reader)
    {
        reader.File.Budget.Take(400);
        var attribute = new AttributeProto();
        while (reader.Next())
        {
            Read(reader, attribute);
        }

        return attribute;
    }

    /// <summary>Adds a value's name.</summary>
    internal static void AddName(ProtoReader reader, List<string> into)
    {
        reader.File.Budget.Take(64);
        into.Add(reader.Name());
    }

    /// <summary>A domain; the default one has two names.</summary>
    internal static string Domain(ProtoReader reader) => reader.Name() is "ai.onnx" ? "" : reader.Name();

    private static void Read(ProtoReader reader, AttributeProto attribute)
    {
        switch (reader.Field)
        {
            case 1:
                attribute.Name = reader.Name();
                break;
            case 2:
                attribute.Float = reader.Float();
                break;
            case 3:
                attribute.Int = reader.Int64();
                break;
            case 4:
                attribute.String = reader.Text(MaxText);
                break;
            case 5:
                TensorParser.Read(reader.Message(), attribute.Tensor ??= new TensorProto());
                break;
            case 6:
                Read(reader.Message(), attribute.Graph ??= new GraphProto());
                break;
            case 7:
                reader.AddFloats(attribute.Floats);
                break;
            case 8:
                reader.AddInt64s(attribute.Ints);
                break;
            case 9:
                attribute.Strings.Add(reader.Text(MaxText));
                break;
            case 20:
                attribute.Type = (AttributeType)reader.Int32();
                break;
            case 21:
                attribute.Reference = reader.Name();
                break;
            case 22:
                TensorParser.Read(reader.Message(), attribute.SparseTensor ??= new SparseTensorProto());
                break;
            case 10 or 11 or 14 or 15 or 23:
                attribute.HasOther = true;
                break;
        }
    }

    private static void Metadata(ProtoReader reader, NodeProto node)
    {
        string? key = null;
        ProtoReader value = default;
        while (reader.Next())
        {
            // Keys are few and the same everywhere; values are long, and most are of no use.
            if (reader.Field == 1 && reader.Length <= 64)
            {
                key = reader.Name();
            }
            else if (reader.Field == 2 && reader.Length <= MaxScopes)
            {
                value = reader;
            }
        }

        if (value.File is null)
        {
            return;
        }

        switch (key)
        {
            case TorchScopes:
                node.Scopes = value.Name();
                break;
            case TorchClasses:
                node.Classes = value.Name();
                break;
            case TorchRewriting:
                node.Rewriting = value.Name();
                break;
        }
    }
}
