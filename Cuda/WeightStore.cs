using System.Runtime.CompilerServices;
using Interp.Cuda.Driver;
using Interp.Engine.Tensors;

namespace Interp.Cuda;

/// <summary>Copies of weights on the device, one for each weight and form however many sessions use it; a copy goes when its weight is no
/// more.</summary>
internal sealed class WeightStore(CudaStream stream) : IDisposable
{
    private readonly ConditionalWeakTable<Weight, Dictionary<string, DeviceMemory>> _byWeight = [];
    private readonly List<(WeakReference<Weight> Weight, DeviceMemory Copy)> _copies = [];

    /// <summary>Bytes of all copies.</summary>
    internal long Bytes => _copies.Sum(c => c.Copy.Bytes);

    /// <summary>A weight as it is.</summary>
    internal DeviceMemory Get(Weight weight) => Get(weight, "", () => Upload(weight));

    /// <summary>A weight in another form.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="form">The form's name.</param>
    /// <param name="bytes">The form's size.</param>
    /// <param name="make">Queues the making of it from the weight as it is, which is not kept.</param>
    internal DeviceMemory Get(Weight weight, string form, long bytes, Action<ulong, ulong> make) => Get(weight, form, () =>
    {
        DeviceMemory made = CudaContext.Allocate(bytes, $"weights '{weight.Name}', {form}");
        try
        {
            using DeviceMemory plain = Upload(weight);
            make(plain.Address, made.Address);
            stream.Synchronize();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    });

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

    private DeviceMemory Get(Weight weight, string form, Func<DeviceMemory> make)
    {
        Dictionary<string, DeviceMemory> forms = _byWeight.GetValue(weight, _ => []);
        if (!forms.TryGetValue(form, out DeviceMemory? known))
        {
            forms[form] = known = make();
            _copies.Add((new WeakReference<Weight>(weight), known));
        }

        return known;
    }

    private DeviceMemory Upload(Weight weight)
    {
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

        return copy;
    }
}
