using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>The shapes of a LabelMe file: polygons, rectangles, circles and masks; lines and points have no area.</summary>
internal static class LabelMeShape
{
    /// <summary>The name of what a shape stands for.</summary>
    public static string NameOf(JsonElement shape) => JsonText.Of(shape, "label") is { } name ? LabelNames.Clean(name) : "";

    /// <summary>Draws a file's shapes.</summary>
    /// <exception cref="InputException">The file cannot be read, or a shape is none.</exception>
    public static void Draw(
        LabelFolder folder, string json, IReadOnlyDictionary<string, ushort> labels, LabelCanvas canvas, LabelOptions options)
    {
        canvas.Plane("object");
        using JsonDocument document = JsonElements.Document(folder, json, LabelMeLayout.MostBytes);
        JsonElement root = document.RootElement;
        string path = folder.Full(json);
        if (JsonText.Whole(root, "imageWidth") is { } width && JsonText.Whole(root, "imageHeight") is { } height
            && (width != canvas.Width || height != canvas.Height))
        {
            throw new InputException(
                $"{path}: says {width}x{height}, but its image {canvas.Name} is {canvas.Width}x{canvas.Height}; labels are never scaled");
        }

        var fill = new PolygonFill(canvas, options.Polygons);
        int lines = 0, number = 0;
        foreach (JsonElement shape in JsonText.List(root, "shapes"))
        {
            string where = $"{path}, shape {++number}";
            ushort label = labels.TryGetValue(NameOf(shape), out ushort known) ? known : (ushort)0;
            double[] xy = [.. JsonText.List(shape, "points").SelectMany(p => p.ValueKind == JsonValueKind.Array ? p.EnumerateArray() : [])
                .Select(JsonText.Real)];
            string type = JsonText.Of(shape, "shape_type") ?? "polygon";
            if (label == 0)
            {
                continue; // background
            }

            switch (type)
            {
                case "polygon" or "oriented_rectangle":
                    fill.Fill(xy, "object", label, where);
                    break;
                case "rectangle" when xy is [double x0, double y0, double x1, double y1]:
                    fill.Fill([x0, y0, x1, y0, x1, y1, x0, y1], "object", label, where);
                    break;
                case "circle" when xy is [double x, double y, double rimX, double rimY]:
                    fill.Disc(x, y, Math.Sqrt(((rimX - x) * (rimX - x)) + ((rimY - y) * (rimY - y))), "object", label, where);
                    break;
                case "mask" when xy.Length >= 2:
                    Mask(shape, xy, label, canvas, where);
                    break;
                case "line" or "linestrip" or "point" or "points":
                    lines++;
                    break;
                default:
                    throw new InputException($"{where}: {LabelNames.Quote(type)} of {xy.Length} numbers is no shape that is known");
            }
        }

        if (lines > 0)
        {
            canvas.Note($"{lines} lines and points have no area and are left out");
        }
    }

    /// <summary>A bitmap of the shape's box.</summary>
    private static void Mask(JsonElement shape, double[] xy, ushort label, LabelCanvas canvas, string where)
    {
        if (!shape.TryGetProperty("mask", out JsonElement data) || data.ValueKind != JsonValueKind.String
            || !data.TryGetBytesFromBase64(out byte[]? bytes) || bytes.Length == 0)
        {
            throw new InputException($"{where}: its mask is no base64");
        }

        IndexPng mask = MaskFile.Decode(bytes, where);
        if (!double.IsFinite(xy[0] + xy[1]) || Math.Abs(xy[0]) > canvas.Width || Math.Abs(xy[1]) > canvas.Height)
        {
            throw new InputException($"{where}: its box is not in the image of {canvas.Width}x{canvas.Height}");
        }

        (int left, int top) = ((int)Math.Floor(xy[0]), (int)Math.Floor(xy[1]));
        for (int y = Math.Max(0, -top); y < mask.Height && y + top < canvas.Height; y++)
        {
            for (int x = Math.Max(0, -left); x < mask.Width && x + left < canvas.Width; x++)
            {
                if (mask.Samples[((y * mask.Width) + x) * mask.Channels] != 0)
                {
                    canvas.Run("object", label, ((y + top) * canvas.Width) + x + left, 1);
                }
            }
        }
    }
}
