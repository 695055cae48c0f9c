using System.Runtime.CompilerServices;
using Interp.Cuda.Driver;
using Interp.Engine.Tensors;

namespace Interp.Cuda;

/// <summary>Copies of weights on the device, one for each weight however many sessions use it; a copy goes when its weight is no more.</summary>
internal sealed class WeightStore(CudaStream stream) : IDisposable
{
    private readonly ConditionalWeakTable<Weight, DeviceMemory> _byWeight = [];
    private readonly List<(WeakReference<Weight> Weight, DeviceMemory Copy)> _copies = [];

    /// <summary>Bytes of all copies.</summary>
    internal long Bytes => _copies.Sum(c => c.Copy.Bytes);

    internal DeviceMemory Get(Weight weight)
    {
        if (_byWeight.TryGetValue(weight, out DeviceMemory? known))
        {
            return known;
        }

        const int Part = 1 << 20;
        DeviceMemory copy = CudaContext.Allocate(weight.Shape.Count * sizeof(float), $"weights '{weight.Name}'");
        try
        {
            var values = new float[Math.Min(Part, weight.Shape.Count)];
            for (long first = 0; first < weight.Shape.Count; first += Part)
            {
                Span<float> part = values.AsSpan(0, (int)Math.Min(Part, weight.Shape.Count - first));
                weight.CopyTo(first, part);
                stream.Upload(part, copy.Address + (ulong)(first * sizeof(float)));
            }
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        _byWeight.Add(weight, copy);
        _copies.Add((new WeakReference<Weight>(weight), copy));
        return copy;
    }

    /// <summary>Frees the copies of weights that no longer exist.</summary>
    internal void Trim() => _copies.RemoveAll(c =>
    {
        bool gone = !c.Weight.TryGetTarget(out _);
        if (gone)
        {
            c.Copy.Dispose();
        }

        return gone;
    });

    public void Dispose()
    {
        foreach ((_, DeviceMemory copy) in _copies)
        {
            copy.Dispose();
        }

        _copies.Clear();
        _byWeight.Clear();
    }
}
