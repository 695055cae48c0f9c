namespace Interp.Engine.Arithmetic;

/// <summary>
/// Variations of one image, each stated by a few numbers, so that a backend may make them where its sessions read them from the image and
/// these numbers alone: by labels of pixels, by enlarged grids, by boxes. It gives the bits of <see cref="Make"/>.
/// </summary>
/// <param name="image">The image, <c>[C,H,W]</c>; nobody changes it.</param>
internal abstract class MaskedImages(float[] image)
{
    /// <summary>The image.</summary>
    internal float[] Image => image;

    /// <summary>Makes one of them on the host; several threads may at once.</summary>
    /// <param name="index">Which.</param>
    /// <param name="input">Takes it.</param>
    internal abstract void Make(int index, Span<float> input);
}
