using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;

namespace Interp.Tests.Engine.Dissection;

/// <summary>A label set in memory. An image that is null cannot be read.</summary>
internal sealed class ListedLabels(ImmutableArray<Concept> concepts, params IReadOnlyList<(RgbImage Image, LabelPlane[] Planes)?> images)
    : LabelSet
{
    public override string Layout => "listed";

    public override string Source => "memory";

    public override ImmutableArray<Concept> Concepts => concepts;

    public override int Count => images.Count;

    public override string NameOf(int index) => $"image-{index}";

    public override LabelledImage Read(int index, CancellationToken cancel = default) => images[index] is ({ } image, { } planes)
        ? new LabelledImage(NameOf(index), image, [.. planes], "")
        : throw new InputException($"{NameOf(index)}: cannot be read");

    /// <summary>All images and labels of another set, the labels of each image being those of another one.</summary>
    public static ListedLabels Of(LabelSet set, Func<int, int>? from = null)
    {
        LabelledImage[] all = [.. Enumerable.Range(0, set.Count).Select(i => set.Read(i))];
        return new ListedLabels(
            set.Concepts,
            [.. all.Select((a, i) => ((RgbImage, LabelPlane[])?)(a.Image, [.. all[from?.Invoke(i) ?? i].Planes]))]);
    }
}
