namespace Interp.Engine.Evidence;

/// <summary>
/// An image of which a metric wants to know the target's value. Equal ones are run once for each image and target, whichever metrics or
/// maps
/// want them: arrays count as equal if they are the same.
/// </summary>
public abstract record EvidenceImage
{
    /// <summary>Does what takes long before <see cref="Fill"/>; may be called on another thread beside those of other images.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Writes the image.</summary>
    /// <param name="input">Its place, <c>[C,H,W]</c> in normalised units; holds anything before.</param>
    public abstract void Fill(Span<float> input);

    /// <summary>An image as it is.</summary>
    /// <param name="values"><c>[C,H,W]</c> in normalised units.</param>
    public static EvidenceImage Plain(float[] values) => new PlainImage(values);

    /// <summary>An image with some pixels of another one.</summary>
    /// <param name="from">The image, <c>[C,H,W]</c>.</param>
    /// <param name="to">The other one.</param>
    /// <param name="order">All pixels of the plane.</param>
    /// <param name="count">The first so many of them are the other image's.</param>
    public static EvidenceImage Mixed(float[] from, float[] to, int[] order, int count) =>
        count == 0 ? Plain(from) : count == order.Length ? Plain(to) : new MixedImage(from, to, order, count);
}

/// <summary>An image as it is.</summary>
/// <param name="Values"><c>[C,H,W]</c>.</param>
internal sealed record PlainImage(float[] Values) : EvidenceImage
{
    /// <inheritdoc/>
    public override void Fill(Span<float> input) => Values.CopyTo(input);
}

/// <summary>See <see cref="EvidenceImage.Mixed"/>.</summary>
internal sealed record MixedImage(float[] From, float[] To, int[] Order, int Count) : EvidenceImage
{
    /// <inheritdoc/>
    public override void Fill(Span<float> input)
    {
        From.CopyTo(input);
        for (int plane = 0; plane < input.Length; plane += Order.Length)
        {
            Span<float> channel = input.Slice(plane, Order.Length);
            ReadOnlySpan<float> other = To.AsSpan(plane, Order.Length);
            foreach (int pixel in Order.AsSpan(0, Count))
            {
                channel[pixel] = other[pixel];
            }
        }
    }
}
