using Interp.Engine.Common;
using Interp.Engine.LabelSets.Layouts;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets;

/// <summary>The layouts of label sets that can be read.</summary>
public static class LabelLayouts
{
    /// <summary>All of them.</summary>
    public static Catalog<LabelLayout> All { get; } = new("label layout", l => l.Name,
        new PatternsLayout(),
        new FoldersLayout(),
        new MasksLayout(),
        new VocLayout(),
        new AdeLayout(),
        new CityscapesLayout(),
        new CamVidLayout(),
        new CocoLayout(),
        new PanopticLayout(),
        new LabelMeLayout(),
        new YoloLayout(),
        new BrodenLayout());

    /// <summary>Opens a label set. The layout is recognised by the folder's files.</summary>
    /// <remarks>Only files in the folder are read, whatever names the labels give: a name that leads elsewhere is looked for in the folder
    /// by its last part. Links in the folder are followed.</remarks>
    /// <param name="path">The folder, or the name of a built-in set.</param>
    /// <param name="layout">The name of its layout; null to recognise it.</param>
    /// <param name="options">How labels are read where files leave a choice.</param>
    /// <exception cref="InputException">There is no such folder, no layout fits, or several do; one line that says which.</exception>
    public static LabelSet Open(string path, string? layout = null, LabelOptions? options = null) =>
        LabelNames.InOneLine(() => Of(path, layout, options ?? new LabelOptions()));

    private static LabelSet Of(string path, string? layout, LabelOptions options)
    {
        LabelLayout? forced = layout is null ? null : All.Find(layout);
        foreach (LabelLayout candidate in All)
        {
            if ((forced ?? candidate) == candidate && candidate.OfWord(path) is { } built)
            {
                return options.Images is null ? built
                    : throw new InputException($"images {options.Images}: {path} are generated and have no folder; leave it out");
            }
        }

        var folder = LabelFolder.Of(path);
        LabelFolder? images = options.Images is { } apart ? LabelFolder.OfImages(apart) : null;
        string? why = null;
        if (forced is null)
        {
            (forced, why) = Recognise(folder, images);
        }
        else if (images is not null && forced.ImagesIn(folder) is null)
        {
            throw new InputException($"images {options.Images}: layout {forced.Name} has no labels apart from its images; leave it out");
        }

        LabelSet set = forced.Open(With(forced, folder, images), options);
        return set is FolderLabelSet found && why is not null ? found.RecognisedBy(why) : set;
    }

    private static LabelFolder With(LabelLayout layout, LabelFolder folder, LabelFolder? images) =>
        images is null ? folder : folder.With(images, layout.ImagesIn(folder)!);

    private static (LabelLayout Layout, string? Why) Recognise(LabelFolder folder, LabelFolder? images)
    {
        IEnumerable<LabelLayout> layouts = All.Where(l => images is null || l.ImagesIn(folder) is not null);
        (LabelLayout Layout, string? Why)[] found =
            [.. layouts.Select(l => (l, l.Recognise(With(l, folder, images)))).Where(f => f.Item2 is not null)];
        if (found.Any(f => !f.Layout.IsLastResort))
        {
            found = [.. found.Where(f => !f.Layout.IsLastResort)];
        }

        return found.Length switch
        {
            1 => found[0],
            0 => throw new InputException($"{folder.Root}: no label layout is recognised in it: expected a folder of images for each "
                + $"concept, or one of {string.Join(", ", All.Names)}; docs/labels.md says which files each has"),
            _ => throw new InputException($"{folder.Root}: holds labels of several layouts: "
                + $"{string.Join("; ", found.Select(f => $"{f.Layout.Name} ({f.Why})"))}; say which by option 'layout'"),
        };
    }
}
