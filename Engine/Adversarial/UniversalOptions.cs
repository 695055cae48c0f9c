namespace Interp.Engine.Adversarial;

/// <summary>How a universal perturbation is trained.</summary>
public sealed record UniversalOptions
{
    /// <summary>How far it may go, in L∞.</summary>
    public Epsilon Epsilon { get; init; } = Epsilon.Parse("10/255");

    /// <summary>How often each training image is used.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images for each step.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Share of the images that is held out, rounded to even halves; at least one is, and one is left.</summary>
    public double HeldOut { get; init; } = 0.3;

    /// <summary>The class that all images should be taken for; null for any other than their own.</summary>
    public int? Target { get; init; }

    /// <summary>β: an image whose loss is above it pulls no more.</summary>
    public double ClipLoss { get; init; } = 9;

    /// <summary>Where the order and the held-out images come from.</summary>
    public ulong Seed { get; init; }
}
