namespace Interp.Engine.Arithmetic;

/// <summary>An array of float32 where a backend keeps it: on the host, or on its device. Only that backend's <see cref="IImageMath"/> reads
/// and writes it there.</summary>
internal abstract class HeldValues;

/// <summary>One that lies on the host.</summary>
/// <param name="array">The values.</param>
internal sealed class HostValues(float[] array) : HeldValues
{
    /// <summary>The values.</summary>
    internal float[] Array => array;
}
