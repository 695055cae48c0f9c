using System.Collections.Immutable;

namespace Interp.Weights.TorchExport;

/// <summary>What is said of a tensor, and how it lies in its storage.</summary>
/// <param name="Tensor">Its type and sizes.</param>
/// <param name="Strides">Distances of neighbours along each axis in elements; null for one that is open.</param>
/// <param name="Offset">Where its first element lies in its storage, in elements; null where that is open.</param>
/// <param name="Layout">PyTorch's number of how it is stored: 7 for all but sparse ones and the like.</param>
internal sealed record ExportMeta(ExportTensor Tensor, ImmutableArray<long?> Strides, long? Offset, long Layout);

/// <summary>Reads the descriptions of tensors.</summary>
internal static class TensorReader
{
    /// <summary>The number of strided tensors among the layouts.</summary>
    internal const long Strided = 7;

    /// <summary>One description.</summary>
    internal static ExportMeta Meta(ref JsonCursor cursor)
    {
        long type = 0, layout = Strided;
        long? offset = 0;
        ImmutableArray<ExportSize> sizes = [];
        ImmutableArray<long?> strides = [];
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            switch (name)
            {
                case "dtype":
                    type = cursor.Whole();
                    break;
                case "layout":
                    layout = cursor.Whole();
                    break;
                case "sizes":
                    sizes = Sizes(ref cursor);
                    break;
                case "strides":
                    strides = [.. Sizes(ref cursor).Select(s => s.Number)];
                    break;
                case "storage_offset":
                    offset = Size(ref cursor).Number;
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return new ExportMeta(new ExportTensor(type, sizes), strides, offset, layout);
    }

    private static ImmutableArray<ExportSize> Sizes(ref JsonCursor cursor)
    {
        ImmutableArray<ExportSize>.Builder sizes = ImmutableArray.CreateBuilder<ExportSize>();
        cursor.BeginList();
        while (cursor.Element())
        {
            sizes.Add(Size(ref cursor));
        }

        return sizes.DrainToImmutable();
    }

    private static ExportSize Size(ref JsonCursor cursor)
    {
        long? number = null, example = null;
        string? expression = null;
        cursor.BeginObject();
        while (cursor.Property() is { } name)
        {
            if (name == "as_int")
            {
                number = cursor.Whole();
            }
            else if (name == "as_expr")
            {
                cursor.BeginObject();
                while (cursor.Property() is { } part)
                {
                    if (part == "expr_str")
                    {
                        expression = cursor.ShortText();
                    }
                    else if (part == "hint" && !cursor.IsNull)
                    {
                        example = Size(ref cursor).Number;
                    }
                    else
                    {
                        cursor.Skip();
                    }
                }
            }
            else
            {
                cursor.Skip();
            }
        }

        return new ExportSize(number, expression, example);
    }
}
