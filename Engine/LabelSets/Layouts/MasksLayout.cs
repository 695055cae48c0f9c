using Interp.Engine.Common;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>Images and masks of the same names, with a list of what the masks' numbers or colours mean.</summary>
internal sealed class MasksLayout : LabelLayout
{
    public override string Name => "masks";

    public override string Summary => "images and masks of the same names, with a list of what numbers or colours mean";

    public override string Files => "images/, masks/ and classes.txt, .tsv or .json, or config.yaml";

    internal override string? Recognise(LabelFolder folder) => Parts(folder) is { Count: > 0 } parts
        ? $"{folder.Full(parts[0].Masks)} with {LabelFolder.FileName(parts[0].List)}" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        IReadOnlyList<Part> parts = Parts(folder);
        if (parts.Count == 0)
        {
            throw new InputException($"{folder.Root}: expected folders images and masks, and a list of the concepts "
                + $"({string.Join(", ", ConceptList.Names.Take(4))} or config.yaml) beside them");
        }

        var remarks = new List<string>();
        string list = parts[0].List;
        (ConceptTable table, Dictionary<int, ushort>? colors) = ConceptList.Tabulate(ConceptList.Read(folder, list), list, remarks);
        Defaults(table, remarks);
        var labels = new MaskLabels(table, colors);
        var items = new List<LabelItem>();
        foreach (Part part in parts)
        {
            items.AddRange(MaskPairs.Of(folder, part.Images, part.Masks, labels, remarks));
        }

        return new FolderLabelSet(Name, folder, table, items, remarks);
    }

    /// <summary>What 0 and 255 mean where the list does not say it.</summary>
    private static void Defaults(ConceptTable table, List<string> remarks)
    {
        table.Set(0, 0);
        if (table.Of(255) is null)
        {
            remarks.Add("the list has no number 255: where masks hold it, it is taken for unknown and left out of every count");
            table.Set(255, LabelPlane.Void);
        }
    }

    private sealed record Part(string Images, string Masks, string List);

    /// <summary>What a configuration says, or else the folders called so, in the folder or in one of those in it.</summary>
    private static List<Part> Parts(LabelFolder folder)
    {
        string[] places = [.. folder.Folders.Where(f => !f.Contains('/', StringComparison.Ordinal))];
        var parts = new List<Part>();
        foreach (string place in places)
        {
            string masks = LabelFolder.In(place, "masks");
            if (folder.HasFolder(masks) && ConceptList.Find(folder, place, masks, "") is { } list)
            {
                parts.AddRange(Configured(folder, place, list));
                if (parts.Count == 0 && new[] { LabelFolder.In(place, "images"), "images" }.FirstOrDefault(folder.HasFolder) is { } images)
                {
                    parts.Add(new Part(images, masks, list));
                }
            }
        }

        return [.. parts.Where(p => p.List == parts[0].List)];
    }

    private static IEnumerable<Part> Configured(LabelFolder folder, string place, string list)
    {
        if (!ConceptList.IsYaml(list))
        {
            yield break;
        }

        SimpleYaml root = SimpleYaml.Parse(ConceptList.Text(folder, list));
        foreach ((_, SimpleYaml split) in root.Entries.Where(e => e.Key is "train" or "val" or "test" or "validation" or "valid"))
        {
            if (split["images"]?.Text is { } images && split["masks"]?.Text is { } masks)
            {
                string photos = folder.FolderApart(images) ?? Inside(folder, place, images, list);
                yield return new Part(photos, Inside(folder, place, masks, list), list);
            }
        }
    }

    /// <summary>A folder that a list names, relative to its own place.</summary>
    private static string Inside(LabelFolder folder, string place, string name, string list)
    {
        var parts = new List<string>(place.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (string part in name.Split('/', '\\').Where(p => p is not ("" or ".")))
        {
            if (part == ".." && parts.Count == 0)
            {
                throw new InputException($"{folder.Full(list)}: names the folder {LabelNames.Quote(name)}, which is outside of "
                    + $"{folder.Root}; give the folder that holds both, or that of the images too (option 'images')");
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
