using Interp.Engine.Imaging.Decoding;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>Images and masks that belong together by their names.</summary>
internal static class MaskPairs
{
    private static readonly string[] s_endings = ["", "_mask", "_label", "_labels", "_seg", "_L"];

    /// <summary>Pairs the masks of a folder with the images of another. A mask without an image is an entry that cannot be read; images
    /// without masks are left out and counted.</summary>
    /// <param name="folder">The set's folder.</param>
    /// <param name="images">The folder of the images.</param>
    /// <param name="masks">The folder of the masks.</param>
    /// <param name="labels">Draws the masks.</param>
    /// <param name="remarks">Takes what is left out.</param>
    public static IEnumerable<LabelItem> Of(
        LabelFolder folder, string images, string masks, MaskLabels labels, List<string> remarks)
    {
        Dictionary<string, string> photos = folder.Images(images);
        var items = new List<LabelItem>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (string mask in folder.Below(masks).Where(ImageFormat.HasExtension))
        {
            string stem = LabelFolder.Stem(masks, mask);
            string? photo = s_endings.Where(e => stem.EndsWith(e, StringComparison.Ordinal))
                .Select(e => photos.GetValueOrDefault(stem[..^e.Length])).FirstOrDefault(p => p is not null && p != mask);
            if (photo is null)
            {
                items.Add(LabelItem.Broken(mask, $"{folder.Full(mask)}: this mask has no image in {folder.Full(images)}"));
            }
            else if (used.Add(photo))
            {
                items.Add(new LabelItem(
                    photo, photo, canvas => labels.Draw(MaskFile.Read(folder, mask, canvas), canvas, folder.Full(mask))));
            }
            else
            {
                items.Add(LabelItem.Broken(mask, $"{folder.Full(mask)}: its image {photo} has another mask already"));
            }
        }

        Unlabelled([.. photos.Values.Where(p => !used.Contains(p)).Order(StringComparer.Ordinal)], photos.Count, "mask", remarks);
        return items;
    }

    /// <summary>Says which images have no labels.</summary>
    public static void Unlabelled(IReadOnlyList<string> without, int of, string what, List<string> remarks)
    {
        if (without.Count > 0)
        {
            remarks.Add($"{without.Count} of {of} images have no {what} and are left out: {LabelNames.Some([.. without])}");
        }
    }
}
