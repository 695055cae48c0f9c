using System.Collections.Immutable;
using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>A label set in a folder. It holds names and places alone; what an image has is read when it is asked for.</summary>
/// <param name="layout">The layout's name.</param>
/// <param name="folder">The folder.</param>
/// <param name="concepts">The concepts.</param>
/// <param name="items">The images.</param>
/// <param name="remarks">What is to be said of the whole.</param>
internal sealed class FolderLabelSet(
    string layout, LabelFolder folder, ConceptTable concepts, IReadOnlyList<LabelItem> items, IEnumerable<string> remarks) : LabelSet
{
    private ImmutableArray<string> _remarks = [.. remarks.Concat(concepts.Remarks).Select(LabelNames.OneLine)];

    /// <inheritdoc/>
    public override string Layout => layout;

    /// <inheritdoc/>
    public override string Source => folder.Root;

    /// <inheritdoc/>
    public override IEnumerable<string> Files => folder.Files.Select(folder.Full);

    /// <inheritdoc/>
    public override ImmutableArray<Concept> Concepts { get; } = [.. concepts.Concepts];

    /// <inheritdoc/>
    public override int Count => items.Count;

    /// <inheritdoc/>
    public override ImmutableArray<string> Remarks => _remarks;

    /// <summary>The same, with what its layout was recognised by as the first remark.</summary>
    public FolderLabelSet RecognisedBy(string why)
    {
        _remarks = [LabelNames.OneLine($"recognised as {layout} by {why}"), .. _remarks];
        return this;
    }

    /// <inheritdoc/>
    public override string NameOf(int index) => items[index].Name;

    /// <inheritdoc/>
    public override LabelledImage Read(int index, CancellationToken cancel = default) =>
        LabelNames.InOneLine(() => Read(items[index], cancel));

    private LabelledImage Read(LabelItem item, CancellationToken cancel)
    {
        if (item.Problem is { } problem)
        {
            throw new InputException(problem);
        }

        string path = folder.Full(item.Image);
        LabelFolder.RequireContent(path);
        byte[] file = item.Photo is { } photo ? photo() : ImageFile.ReadBytes(path, cancel);
        RgbImage image = ImageFile.Decode(file, path);
        var canvas = new LabelCanvas(path, image.Width, image.Height);
        item.Label(canvas);
        return new LabelledImage(item.Name, image, canvas.Planes(), Convert.ToHexStringLower(SHA256.HashData(file)))
        {
            Remark = canvas.Remark(image.Remark),
        };
    }
}
