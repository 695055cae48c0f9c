using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>Values on the device, where a session keeps them.</summary>
/// <param name="address">Where they begin.</param>
/// <param name="length">How many.</param>
internal sealed class DeviceArray(ulong address, long length) : HeldValues
{
    internal ulong Address => address;

    internal long Length => length;
}
