using System.Collections.Immutable;

namespace Interp.Weights.TorchExport;

/// <summary>Reads the operators of an exported program.</summary>
internal static class NodeReader
{
    /// <summary>One operator.</summary>
    internal static ExportNode Node(ref JsonCursor cursor)
    {
        (string? target, string? label, string? stack) = (null, null, null);
        bool isNumbered = false;
        ImmutableArray<(string, ExportArgument)> inputs = [];
        ImmutableArray<ExportArgument> outputs = [];
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            switch (name)
            {
                case "target":
                    target = cursor.Name();
                    break;
                case "name" when !cursor.IsNull:
                    label = cursor.Name();
                    break;
                case "inputs":
                    inputs = Inputs(ref cursor);
                    break;
                case "outputs":
                    outputs = List(ref cursor, Argument);
                    break;
                case "metadata":
                    stack = Stack(ref cursor, out isNumbered);
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return new ExportNode(target ?? throw cursor.Error("a node without a target"), label, stack, isNumbered,
            inputs, outputs);
    }

    /// <summary>An argument: an object with one property, whose name says what the value is.</summary>
    internal static ExportArgument Argument(ref JsonCursor cursor)
    {
        ExportArgument? argument = null;
        cursor.BeginObject();
        while (cursor.Property() is { } kind)
        {
            argument = argument is null ? new ExportArgument(kind, Value(ref cursor, kind))
                : throw cursor.Error("two cases where one is expected");
        }

        return argument ?? throw cursor.Error("nothing where an argument is expected");
    }

    /// <summary>The names of the tensors among outputs.</summary>
    internal static IEnumerable<string> Tensors(ImmutableArray<ExportArgument> outputs) => outputs.SelectMany(o => o switch
    {
        { Kind: "as_tensor", Value: string name } => [name],
        { Kind: "as_tensors", Value: ImmutableArray<string?> names } => names.OfType<string>(),
        _ => Enumerable.Empty<string>(),
    });

    /// <summary>The one property of an object that matters, a name.</summary>
    internal static string NameIn(ref JsonCursor cursor, string property)
    {
        string? found = null;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            if (name == property)
            {
                found = cursor.Name();
            }
            else
            {
                cursor.Skip();
            }
        }

        return found ?? throw cursor.Error($"an object without '{property}'");
    }

    private static object? Value(ref JsonCursor cursor, string kind)
    {
        switch (kind)
        {
            case "as_tensor":
                return NameIn(ref cursor, "name");
            case "as_int" or "as_scalar_type" or "as_memory_format" or "as_layout":
                return cursor.Whole();
            case "as_float":
                return cursor.Number();
            case "as_bool":
                return cursor.Flag();
            case "as_string":
                return cursor.Name();
            case "as_ints":
                return List(ref cursor, (ref c) => c.Whole());
            case "as_floats":
                return List(ref cursor, (ref c) => c.Number());
            case "as_tensors":
                return List<string?>(ref cursor, (ref c) => NameIn(ref c, "name"));
            case "as_optional_tensors":
                return List(ref cursor, OptionalTensor);
            case "as_optional_tensor":
                return OptionalTensor(ref cursor);
            case "as_sym_int" or "as_sym_bool" or "as_sym_float":
                return Size(ref cursor);
            case "as_sym_ints":
                return List(ref cursor, Size);
            default:
                cursor.Skip();
                return null;
        }
    }

    private static string? OptionalTensor(ref JsonCursor cursor) =>
        Argument(ref cursor) is { Kind: "as_tensor", Value: string name } ? name : null;

    /// <summary>A size among arguments: a number, or the name of a value.</summary>
    private static object Size(ref JsonCursor cursor)
    {
        object? size = null;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            size = name switch
            {
                "as_name" => cursor.Name(),
                "as_int" => cursor.Whole(),
                "as_float" => cursor.Number(),
                "as_bool" => cursor.Flag(),
                _ => throw cursor.Error("a size that is neither a number nor a name"),
            };
        }

        return size ?? throw cursor.Error("nothing where a size is expected");
    }

    private static ImmutableArray<(string Name, ExportArgument Value)> Inputs(ref JsonCursor cursor) => List(ref cursor, (ref c) =>
    {
        (string? argument, ExportArgument? value) = (null, null);
        c.BeginObject();
        while (c.Property() is { } name)
        {
            switch (name)
            {
                case "name":
                    argument = c.Name();
                    break;
                case "arg":
                    value = Argument(ref c);
                    break;
                default:
                    c.Skip();
                    break;
            }
        }

        return (argument ?? throw c.Error("an argument without a name"), value ?? throw c.Error("an argument without a value"));
    });

    /// <summary>What the metadata say of the modules that call the operator.</summary>
    private static string? Stack(ref JsonCursor cursor, out bool isNumbered)
    {
        string? stack = null;
        isNumbered = false;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            if (name == "nn_module_stack" && !cursor.IsNull)
            {
                stack = ModuleStack.Path(cursor.LongText(), out isNumbered);
            }
            else
            {
                cursor.Skip();
            }
        }

        return stack;
    }

    private static ImmutableArray<T> List<T>(ref JsonCursor cursor, ElementReader<T> read)
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        cursor.BeginList();
        while (cursor.Element())
        {
            items.Add(read(ref cursor));
        }

        return items.DrainToImmutable();
    }

    private delegate T ElementReader<T>(ref JsonCursor cursor);
}
