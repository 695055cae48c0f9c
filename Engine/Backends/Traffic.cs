namespace Interp.Engine.Backends;

/// <summary>Bytes that were copied between the host and a device; none where there is no device.</summary>
/// <param name="ToDevice">To the device: weights when they are first needed, images, and what images are made of.</param>
/// <param name="FromDevice">From it: logits, gradients, sums.</param>
public readonly record struct Traffic(long ToDevice, long FromDevice)
{
    /// <summary>What one has more than the other.</summary>
    public static Traffic operator -(Traffic a, Traffic b) => new(a.ToDevice - b.ToDevice, a.FromDevice - b.FromDevice);
}
