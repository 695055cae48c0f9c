using Interp.Cuda.Driver;
using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>Images of one size in numbered slots of device memory, each brought there once: zeros, ones, then what is asked for. Used
/// inside the device's lock.</summary>
internal sealed class DeviceImages(CudaImageMath owner) : IDisposable
{
    /// <summary>The slot of an image of zeros.</summary>
    internal const int Zeros = 0;

    /// <summary>The slot of an image of ones.</summary>
    internal const int Ones = 1;

    private const int Few = 64;
    private readonly Dictionary<object, int> _slots = new(ReferenceEqualityComparer.Instance);
    private DeviceMemory? _memory;
    private int _capacity;
    private int _length;

    private int Next => _slots.Count + 2;

    private CudaStream Stream => owner.Backend.Stream;

    /// <summary>Where slot 0 begins.</summary>
    internal ulong Address => _memory!.Address;

    /// <summary>Begins with images of so many values, if others were there.</summary>
    internal void Begin(int length)
    {
        if (_memory is null || _length != length)
        {
            _slots.Clear();
            _memory?.Dispose();
            (_memory, _capacity, _length) = (null, 0, length);
            Grow(8);
            Stream.Clear(At(Zeros), Bytes);
            var ones = new float[length];
            Array.Fill(ones, 1);
            Stream.Upload(ones, At(Ones));
        }
    }

    /// <summary>Forgets what many batches left. Not between the points of a batch and its terms, which name the same images.</summary>
    internal void Forget()
    {
        if (Next > Few)
        {
            _slots.Clear();
        }
    }

    /// <summary>The slot of an image, which is brought to the device, or its noise made there, if it is not there yet.</summary>
    internal int SlotOf(NoisyImage image)
    {
        object key = image.Sigma == 0 ? image.Values : image;
        if (_slots.TryGetValue(key, out int known))
        {
            return known;
        }

        int values = image.Sigma == 0 ? -1 : SlotOf(new NoisyImage(image.Values)), slot = Next;
        if (slot >= _capacity)
        {
            Grow(2 * _capacity);
        }

        _slots.Add(key, slot);
        if (values < 0)
        {
            Stream.Upload(image.Values, At(slot));
        }
        else
        {
            AddNoise(At(values), At(slot), image, 1, 0);
        }

        return slot;
    }

    /// <summary>Where a slot begins.</summary>
    internal ulong At(int slot) => _memory!.Address + ((ulong)slot * (ulong)Bytes);

    /// <summary>Noisy copies of an image: <paramref name="count"/> of them behind one another, the sequences' numbers
    /// <paramref name="step"/> apart.</summary>
    internal void AddNoise(ulong from, ulong to, NoisyImage image, int count, ulong step) => owner.Backend.Kernels.LaunchOver(
        Stream, "add_noise", _length, count, from, to, image.Sigma, image.Noise.Seed, image.Noise.Stream, step, (long)_length);

    public void Dispose() => _memory?.Dispose();

    private long Bytes => (long)_length * sizeof(float);

    private void Grow(int capacity)
    {
        DeviceMemory more = CudaContext.Allocate(capacity * Bytes, "images of a method");
        if (_memory is not null)
        {
            Stream.Copy(_memory.Address, more.Address, Next * Bytes);
            Stream.Synchronize();
            _memory.Dispose();
        }

        (_memory, _capacity) = (more, capacity);
    }
}
