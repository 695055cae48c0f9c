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

    /// <summary>Images, each with the labels of another one.</summary>
    public static ListedLabels Of(ImmutableArray<Concept> concepts, IReadOnlyList<LabelledImage> images, Func<int, int> from) => new(
        concepts, [.. images.Select((image, i) => ((RgbImage, LabelPlane[])?)(image.Image, [.. images[from(i)].Planes]))]);
}
