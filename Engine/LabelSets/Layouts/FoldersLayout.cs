using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>A folder of images for each concept, called by its name; or folders of these, called by the concepts' category. The label is
/// one of the whole image.</summary>
internal sealed class FoldersLayout : LabelLayout
{
    public override string Name => "folders";

    public override string Summary => "a folder of images for each concept; labels of whole images";

    public override string Files => "striped/*.jpg, or texture/striped/*.jpg with the category above";

    internal override bool IsLastResort => true;

    internal override string? ImagesIn(LabelFolder folder) => null;

    internal override string? Recognise(LabelFolder folder)
    {
        string[] found = Folders(folder);
        return found.Length > 1 ? $"{found.Length} folders of images" : null;
    }

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        string[] folders = Folders(folder);
        if (folders.Length == 0)
        {
            throw new InputException($"{folder.Root}: holds no folder of images, expected one for each concept");
        }

        var table = new ConceptTable();
        var items = new List<LabelItem>();
        var remarks = new List<string>();
        foreach (string own in folders)
        {
            string above = LabelFolder.FolderOf(own);
            (string name, string category) = (LabelNames.Clean(LabelFolder.FileName(own)), LabelNames.Clean(above.Replace('/', ' ')));
            category = category.Length > 0 ? category : "concept";
            int concept = table.Label(name.Length > 0 ? name : own, category, own) - 1;
            items.AddRange(folder.ByFolder[own].Where(ImageFormat.HasExtension).Select(
                f => new LabelItem(f, f, canvas => canvas.Whole(category, concept))));
        }

        if (folders.All(f => !f.Contains('/', StringComparison.Ordinal)))
        {
            remarks.Add("the folders say no category: it is called 'concept'; put them into a folder called by theirs, such as texture/");
        }

        int beside = folder.ByFolder[""].Count(ImageFormat.HasExtension);
        if (beside > 0)
        {
            remarks.Add($"{beside} images lie beside the folders and are left out");
        }

        return new FolderLabelSet(Name, folder, table, items, remarks);
    }

    /// <summary>Those with images of their own, the root aside.</summary>
    private static string[] Folders(LabelFolder folder) =>
        [.. folder.Folders.Where(f => f.Length > 0 && folder.ByFolder[f].Any(ImageFormat.HasExtension))];
}
