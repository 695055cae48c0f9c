using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx.Messages;

/// <summary>
/// Reads a model's messages. A message that is stored in parts becomes one, of a field that should be there once the last counts, numbers
/// may be packed or not, and fields that are not known are stepped over: protobuf's own rules.
/// </summary>
internal static class ModelParser
{
    private const int MaxMetadata = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="Engine.Common.ModelException">It is not as protobuf demands.</exception>
    internal static ModelProto Read(ProtoFile file)
    {
        var model = new ModelProto();
        for (ProtoReader reader = ProtoReader.Of(file); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1:
                    model.IrVersion = reader.Int64();
                    break;
                case 2:
                    model.Producer = reader.Name();
                    break;
                case 3:
                    model.ProducerVersion = reader.Name();
                    break;
                case 7:
                    GraphParser.Read(reader.Message(), model.Graph ??= new GraphProto());
                    break;
                case 8:
                    model.Opsets.Add(Opset(reader.Message()));
                    break;
                case 14:
                    model.Metadata.Add(Entry(reader.Message()));
                    break;
                case 25:
                    model.Functions.Add(Function(reader.Message()));
                    break;
            }
        }

        return model;
    }

    /// <summary>Reads a pair of texts; a value of more than 1 MiB is left out.</summary>
    internal static (string Key, string Value) Entry(ProtoReader reader)
    {
        reader.File.Budget.Take(64);
        string key = "", value = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.Name();
                    break;
                case 2:
                    value = reader.Length <= MaxMetadata ? reader.Text(MaxMetadata) : "";
                    break;
            }
        }

        return (key, value);
    }

    private static (string Domain, long Version) Opset(ProtoReader reader)
    {
        reader.File.Budget.Take(64);
        string domain = "";
        long version = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Name();
                    break;
                case 2:
                    version = reader.Int64();
                    break;
            }
        }

        return (domain == "ai.onnx" ? "" : domain, version);
    }

    private static FunctionProto Function(ProtoReader reader)
    {
        reader.File.Budget.Take(1000);
        var function = new FunctionProto();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    function.Name = reader.Name();
                    break;
                case 4:
                    GraphParser.AddName(reader, function.Inputs);
                    break;
                case 5:
                    GraphParser.AddName(reader, function.Outputs);
                    break;
                case 7:
                    function.Nodes.Add(GraphParser.Node(reader.Message()));
                    break;
                case 9:
                    function.Opsets.Add(Opset(reader.Message()));
                    break;
                case 10:
                    function.Domain = GraphParser.Domain(reader);
                    break;
                case 11:
                    function.Defaults.Add(GraphParser.Attribute(reader.Message()));
                    break;
                case 13:
                    function.Overload = reader.Name();
                    break;
            }
        }

        return function;
    }
}
