using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>
/// A stream that lives on the device: inputs are made where sessions read them, gradients summed in float64 where sessions leave them, and
/// only mean and variance come back.
/// </summary>
internal sealed class CudaSampleStream(CudaImageMath owner) : ISampleStream
{
    private readonly DeviceImages _images = new(owner);
    private DeviceMemory? _sums; // the sample that is not complete, mean and squared distances, one behind the other
    private int _length;
    private int _count;
    private int _terms;

    public double[] Mean => Read(1);

    public double[] Variance => Array.ConvertAll(Read(2), s => s / _count);

    private CudaBackend Backend => owner.Backend;

    public void Fill(ReadOnlySpan<LinePoint> points, HeldValues inputs)
    {
        var to = (DeviceArray)inputs;
        int length = (int)(to.Length / points.Length);
        ulong bytes = (ulong)length * sizeof(float);
        lock (owner.Enter())
        {
            _images.Begin(length);
            _images.Forget();
            for (int first = 0; first < points.Length;)
            {
                ReadOnlySpan<LinePoint> rest = points[first..];
                ulong row = to.Address + ((ulong)first * bytes);
                first += rest[0].Line.Start is not null ? FillLines(rest, row, length)
                    : rest[0].Line.End.Sigma != 0 ? FillNoise(rest, row)
                    : FillImage(rest[0].Line.End, row, (long)bytes);
            }
        }
    }

    public void Add(ReadOnlySpan<GradientTerm> terms, int each, HeldValues gradients)
    {
        var from = (DeviceArray)gradients;
        lock (owner.Enter())
        {
            _images.Begin((int)(from.Length / terms.Length));
            Prepare((int)(from.Length / terms.Length));
            var factors = new double[terms.Length];
            var slots = new int[3 * terms.Length];
            for (int r = 0; r < terms.Length; r++)
            {
                ImageLine? way = terms[r].Way;
                factors[r] = terms[r].Factor;
                slots[3 * r] = way?.Start is { } start ? _images.SlotOf(start) : DeviceImages.Zeros;
                slots[(3 * r) + 1] = way is { } line ? _images.SlotOf(line.End) : DeviceImages.Ones;
                slots[(3 * r) + 2] = ++_terms % each == 0 ? ++_count : 0;
            }

            Backend.Kernels.LaunchOver(
                Backend.Stream, "add_terms", _length, 1, owner.Scratch.Put(0, factors), PutSlots(slots), _images.Address, from.Address,
                At(0), At(1), At(2), terms.Length, (long)_length);
        }
    }

    public void Add(double[] values)
    {
        lock (owner.Enter())
        {
            Prepare(values.Length);
            ulong sample = owner.Scratch.Put(0, values);
            Backend.Kernels.LaunchOver(Backend.Stream, "add_moments", _length, 1, sample, At(1), At(2), 1, _count++, (long)_length);
        }
    }

    public void Dispose()
    {
        lock (owner.Enter())
        {
            _images.Dispose();
            _sums?.Dispose();
        }
    }

    /// <summary>The rows from the first on that lie on lines.</summary>
    private int FillLines(ReadOnlySpan<LinePoint> points, ulong to, int length)
    {
        int count = 0;
        while (count < points.Length && points[count].Line.Start is not null)
        {
            count++;
        }

        var shares = new double[count];
        var slots = new int[2 * count];
        for (int r = 0; r < count; r++)
        {
            shares[r] = points[r].Share;
            slots[2 * r] = _images.SlotOf(points[r].Line.Start!);
            slots[(2 * r) + 1] = _images.SlotOf(points[r].Line.End);
        }

        Backend.Kernels.LaunchOver(
            Backend.Stream, "line_points", length, count, owner.Scratch.Put(0, shares), PutSlots(slots), _images.Address, to, (long)length);
        return count;
    }

    /// <summary>The rows from the first on that are one image with noise whose sequences follow one another at equal distances.</summary>
    private int FillNoise(ReadOnlySpan<LinePoint> points, ulong to)
    {
        NoisyImage image = points[0].Line.End;
        int count = 1;
        ulong step = points.Length > 1 ? points[1].Line.End.Noise.Stream - image.Noise.Stream : 0;
        while (count < points.Length && points[count].Line is { Start: null } line && ReferenceEquals(line.End.Values, image.Values)
            && line.End.Sigma == image.Sigma && line.End.Noise.Seed == image.Noise.Seed
            && line.End.Noise.Stream == image.Noise.Stream + ((ulong)count * step))
        {
            count++;
        }

        _images.AddNoise(_images.At(_images.SlotOf(new NoisyImage(image.Values))), to, image, count, step);
        return count;
    }

    private int FillImage(NoisyImage image, ulong to, long bytes)
    {
        Backend.Stream.Copy(_images.At(_images.SlotOf(image)), to, bytes);
        return 1;
    }

    private ulong PutSlots(int[] slots) => owner.Scratch.Put(1, MemoryMarshal.Cast<int, float>(slots.AsSpan()));

    private void Prepare(int length)
    {
        if (_sums is null)
        {
            _length = length;
            _sums = CudaContext.Allocate(3L * length * sizeof(double), "an average and a variance");
            Backend.Stream.Clear(_sums.Address, 3L * length * sizeof(double));
        }
    }

    private ulong At(int part) => _sums!.Address + ((ulong)part * (ulong)_length * sizeof(double));

    private double[] Read(int part)
    {
        if (_sums is null)
        {
            return [];
        }

        lock (owner.Enter())
        {
            var values = new double[_length];
            Backend.Stream.Download(At(part), MemoryMarshal.Cast<double, float>(values.AsSpan()));
            return values;
        }
    }
}
