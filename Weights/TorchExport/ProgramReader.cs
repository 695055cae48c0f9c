using System.Text.Json;
using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.TorchExport;

/// <summary>
/// Reads the JSON of an exported program (<c>torch/_export/serde/schema.py</c>). Fields that are not known are passed over, as its rules
/// allow for a newer minor version; a case of a union that is not known is kept as its name and refused where it is needed.
/// </summary>
internal static class ProgramReader
{
    private const string Again = "export it again with torch.export.save of PyTorch 2.5 or newer";

    /// <summary>Reads a program.</summary>
    /// <exception cref="ModelException">It is no JSON, of another version, or its parts are not what they should be.</exception>
    internal static ExportProgram Read(WeightFile file, string entry, ReadOnlySpan<byte> json)
    {
        try
        {
            var cursor = new JsonCursor(file, entry, json);
            var program = new ExportProgram();
            Range? tensors = Program(ref cursor, program);
            if (program.Major is not (7 or 8))
            {
                throw file.Error($"its {entry} is of schema version {program.Major}.{program.Minor}, expected 7 or 8; {Again}");
            }

            if (tensors is { } part)
            {
                TensorValues(cursor.At(part), program);
            }

            return program;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw file.Damaged($"its {entry} is no JSON that can be read: {Text.OneLine(e.Message)}");
        }
    }

    /// <summary>Reads all but the table of tensors, and says where that is.</summary>
    private static Range? Program(ref JsonCursor cursor, ExportProgram program)
    {
        Range? tensors = null;
        cursor.Start();
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            switch (name)
            {
                case "graph_module":
                    tensors = Module(ref cursor, program);
                    break;
                case "range_constraints":
                    Ranges(ref cursor, program);
                    break;
                case "schema_version":
                    Version(ref cursor, program);
                    break;
                case "torch_version":
                    program.TorchVersion = cursor.Name();
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        cursor.End();
        return tensors;
    }

    private static void Version(ref JsonCursor cursor, ExportProgram program)
    {
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            long number = cursor.Whole();
            program.Major = name == "major" ? number : program.Major;
            program.Minor = name == "minor" ? number : program.Minor;
        }
    }

    private static void Ranges(ref JsonCursor cursor, ExportProgram program)
    {
        cursor.BeginObject();
        while (cursor.Property() is { } symbol)
        {
            long least = 0, most = long.MaxValue;
            cursor.BeginObject();
            while (cursor.Property() is { } name)
            {
                if (cursor.IsNull || name is not ("min_val" or "max_val"))
                {
                    cursor.Skip();
                }
                else if (name == "min_val")
                {
                    least = cursor.Whole();
                }
                else
                {
                    most = cursor.Whole();
                }
            }

            program.Ranges[symbol] = (least, most);
        }
    }

    private static Range? Module(ref JsonCursor cursor, ExportProgram program)
    {
        Range? tensors = null;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            switch (name)
            {
                case "graph":
                    tensors = Graph(ref cursor, program);
                    break;
                case "signature":
                    Signature(ref cursor, program);
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return tensors;
    }

    private static Range? Graph(ref JsonCursor cursor, ExportProgram program)
    {
        Range? tensors = null;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            if (name == "tensor_values")
            {
                tensors = cursor.SkipTo();
            }
            else if (name == "nodes")
            {
                cursor.BeginList();
                while (cursor.Element())
                {
                    program.Nodes.Add(NodeReader.Node(ref cursor));
                }
            }
            else
            {
                cursor.Skip();
            }
        }

        return tensors;
    }

    private static void Signature(ref JsonCursor cursor, ExportProgram program)
    {
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            if (name is not ("input_specs" or "output_specs"))
            {
                cursor.Skip();
                continue;
            }

            cursor.BeginList();
            while (cursor.Element())
            {
                (string kind, string? value, string? outside) = Specification(ref cursor);
                if (name == "input_specs")
                {
                    program.Inputs.Add(new ExportInput(kind, value, outside));
                }
                else
                {
                    program.Outputs.Add(new ExportOutput(kind, value, outside));
                }
            }
        }
    }

    /// <summary>An object with one property, which says what comes in or out.</summary>
    private static (string Kind, string? Value, string? Name) Specification(ref JsonCursor cursor)
    {
        (string? kind, string? value, string? outside) = (null, null, null);
        cursor.BeginObject();
        while (cursor.Property() is { } found)
        {
            kind = kind is null ? found : throw cursor.Error("two cases where one is expected");
            cursor.BeginObject();
            while (cursor.Property() is { } name)
            {
                if (name == "arg")
                {
                    // A user's input or output is an argument of any kind; all others are a tensor's name.
                    value = kind.StartsWith("user_", StringComparison.Ordinal) && !kind.EndsWith("_mutation", StringComparison.Ordinal)
                        ? NodeReader.Argument(ref cursor) is { Kind: "as_tensor", Value: string tensor } ? tensor : null
                        : NodeReader.NameIn(ref cursor, "name");
                }
                else if (name is "parameter_name" or "buffer_name" or "tensor_constant_name" or "user_input_name")
                {
                    outside = cursor.Name();
                }
                else
                {
                    cursor.Skip();
                }
            }
        }

        return (kind ?? throw cursor.Error("nothing where a kind of input or output is expected"), value, outside);
    }

    /// <summary>What is said of the tensors that the graph uses; a table of others takes no memory.</summary>
    private static void TensorValues(JsonCursor cursor, ExportProgram program)
    {
        HashSet<string> used = new(program.Inputs.Select(i => i.Value).OfType<string>(), StringComparer.Ordinal);
        foreach (ExportNode node in program.Nodes)
        {
            used.UnionWith(NodeReader.Tensors(node.Outputs));
        }

        cursor.Start();
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            if (used.Contains(name))
            {
                program.Tensors[name] = TensorReader.Meta(ref cursor).Tensor;
            }
            else
            {
                cursor.Skip();
            }
        }
    }
}
