namespace Interp.Engine.Adversarial;

/// <summary>The random sequences of this chapter: one each, so that no attack's numbers depend on another's.</summary>
internal static class AttackStreams
{
    /// <summary>Random starts; the run's number is added.</summary>
    internal const ulong Start = 0x4154_0000_0000;

    /// <summary>Places and signs of the square attack.</summary>
    internal const ulong Square = 0x4154_0001_0000;

    /// <summary>The order of images when a universal perturbation is trained; the epoch is added.</summary>
    internal const ulong Order = 0x4154_0002_0000;

    /// <summary>Which images are held out of it.</summary>
    internal const ulong HoldOut = 0x4154_0003_0000;

    /// <summary>Noise for comparison; the trial's number is added.</summary>
    internal const ulong Noise = 0x4154_0004_0000;
}
