using System.Runtime.InteropServices;
using Interp.Cuda.Driver;

namespace Interp.Cuda.Images;

/// <summary>Device memory for calls that leave nothing behind: numbered places that grow as they need to. For one caller at a
/// time.</summary>
internal sealed class DeviceScratch(CudaStream stream) : IDisposable
{
    private readonly List<DeviceMemory?> _places = [];

    /// <summary>A place of at least so many floats.</summary>
    internal ulong Take(int place, long values)
    {
        while (_places.Count <= place)
        {
            _places.Add(null);
        }

        long bytes = values * sizeof(float);
        if (_places[place] is not { } memory || memory.Bytes < bytes)
        {
            _places[place]?.Dispose();
            _places[place] = null;
            _places[place] = memory = CudaContext.Allocate(bytes, "image arithmetic");
        }

        return memory.Address;
    }

    /// <summary>A place that holds these values.</summary>
    internal ulong Put(int place, ReadOnlySpan<float> values)
    {
        ulong address = Take(place, values.Length);
        stream.Upload(values, address);
        return address;
    }

    /// <inheritdoc cref="Put(int, ReadOnlySpan{float})"/>
    internal ulong Put(int place, ReadOnlySpan<double> values) => Put(place, MemoryMarshal.Cast<double, float>(values));

    public void Dispose()
    {
        foreach (DeviceMemory? memory in _places)
        {
            memory?.Dispose();
        }
    }
}
