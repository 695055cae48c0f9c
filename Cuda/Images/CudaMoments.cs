using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>Mean and variance that stay on the device, in float64, until they are asked for.</summary>
internal sealed class CudaMoments(CudaImageMath owner) : IMoments
{
    private DeviceMemory? _mean;
    private DeviceMemory? _squares;
    private int _length;
    private int _count;

    public double[] Mean => Read(_mean);

    public double[] Variance => Array.ConvertAll(Read(_squares), s => s / _count);

    public void Add(double[] values)
    {
        lock (owner.Enter())
        {
            _length = values.Length;
            _mean ??= CudaContext.Allocate((long)_length * sizeof(double), "an average");
            _squares ??= CudaContext.Allocate((long)_length * sizeof(double), "a variance");
            ulong sample = owner.Scratch.Put(0, values);
            owner.Backend.Kernels.LaunchOver(owner.Backend.Stream, "add_moments", _length, 1, sample, _mean.Address, _squares.Address, 1,
                _count++, (long)_length);
        }
    }

    public void Dispose()
    {
        lock (owner.Enter())
        {
            _mean?.Dispose();
            _squares?.Dispose();
        }
    }

    private double[] Read(DeviceMemory? memory)
    {
        if (memory is null)
        {
            return [];
        }

        lock (owner.Enter())
        {
            var values = new double[_length];
            owner.Backend.Stream.Download(memory.Address, MemoryMarshal.Cast<double, float>(values.AsSpan()));
            return values;
        }
    }
}
