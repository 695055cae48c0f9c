using Interp.Cuda.Driver;
using Interp.Cuda.Products;
using Interp.Engine.Arithmetic;

namespace Interp.Cuda.Images;

/// <summary>
/// The two-dimensional inverse Fourier transform of a real plane as three products of matrices, and its transpose as their transposes:
/// along H with the 2H×2H real
/// form of e^{2πiuy/H}, along W with cosines and sines of the half spectrum. At 224×224 they are 0.1 GFLOP, less than a launch's worth of
/// time; no library is needed.
/// </summary>
internal sealed class CudaFourier : IPlaneFourier, IDisposable
{
    private readonly CudaImageMath _owner;
    private readonly RealFourier _host;
    private readonly DeviceMemory _down; // [2H, 2H]
    private readonly DeviceMemory _across; // cosines, then negative sines, each [W/2 + 1, W]
    private readonly int _height;
    private readonly int _width;

    internal CudaFourier(CudaImageMath owner, int height, int width)
    {
        (_owner, _height, _width, _host) = (owner, height, width, new RealFourier(height, width));
        lock (owner.Enter())
        {
            _down = Place(Down());
            _across = Place(Across());
        }
    }

    public int Half => (_width / 2) + 1;

    private int Spectrum => _height * Half;

    public void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> plane)
    {
        lock (_owner.Enter())
        {
            CudaBackend backend = _owner.Backend;
            int pixels = _height * _width;
            ulong spectrum = Both(re, im), between = _owner.Scratch.Take(1, 2 * Spectrum), parts = _owner.Scratch.Take(2, 2 * pixels);
            backend.Product.Multiply(new Product(2 * _height, Half, 2 * _height), _down.Address, spectrum, between);
            Product across = new(_height, _width, Half) { Batch = 2, StrideA = Spectrum, StrideB = Half * _width, StrideC = pixels };
            backend.Product.Multiply(across, between, _across.Address, parts);
            backend.Kernels.LaunchOver(backend.Stream, "add_to", pixels, 1, parts, parts + ((ulong)pixels * sizeof(float)), (long)pixels);
            backend.Stream.Download(parts, plane[..pixels]);
        }
    }

    public void InverseTransposed(ReadOnlySpan<float> plane, Span<float> re, Span<float> im)
    {
        lock (_owner.Enter())
        {
            CudaBackend backend = _owner.Backend;
            ulong upstream = _owner.Scratch.Put(0, plane), between = _owner.Scratch.Take(1, 2 * Spectrum),
                spectrum = _owner.Scratch.Take(2, 2 * Spectrum);
            Product across = new(_height, Half, _width) { TransposedB = true, Batch = 2, StrideB = Half * _width, StrideC = Spectrum };
            backend.Product.Multiply(across, upstream, _across.Address, between);
            backend.Product.Multiply(new Product(2 * _height, Half, 2 * _height) { TransposedA = true }, _down.Address, between, spectrum);
            backend.Stream.Download(spectrum, re[..Spectrum]);
            backend.Stream.Download(spectrum + ((ulong)Spectrum * sizeof(float)), im[..Spectrum]);
        }
    }

    /// <summary>On the host: asked for once, when an image is what is started from.</summary>
    public void Forward(ReadOnlySpan<float> plane, Span<float> re, Span<float> im) => _host.Forward(plane, re, im);

    public void Dispose()
    {
        _down.Dispose();
        _across.Dispose();
    }

    private ulong Both(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        ulong spectrum = _owner.Scratch.Take(0, 2 * Spectrum);
        _owner.Backend.Stream.Upload(re[..Spectrum], spectrum);
        _owner.Backend.Stream.Upload(im[..Spectrum], spectrum + ((ulong)Spectrum * sizeof(float)));
        return spectrum;
    }

    private DeviceMemory Place(float[] values)
    {
        DeviceMemory memory = CudaContext.Allocate((long)values.Length * sizeof(float), "a Fourier transform");
        _owner.Backend.Stream.Upload(values, memory.Address);
        return memory;
    }

    private float[] Down()
    {
        int h = _height;
        var matrix = new float[4 * h * h];
        for (int y = 0; y < h; y++)
        {
            for (int u = 0; u < h; u++)
            {
                (double sin, double cos) = Angle(u, y, h);
                matrix[(2 * h * y) + u] = matrix[(2 * h * (h + y)) + h + u] = (float)(cos / Math.Sqrt(h));
                matrix[(2 * h * y) + h + u] = (float)(-sin / Math.Sqrt(h));
                matrix[(2 * h * (h + y)) + u] = (float)(sin / Math.Sqrt(h));
            }
        }

        return matrix;
    }

    /// <summary>A column that is its own mirror image counts once, the others for their mirror images, too.</summary>
    private float[] Across()
    {
        var matrix = new float[2 * Half * _width];
        for (int v = 0; v < Half; v++)
        {
            double factor = (v == 0 || 2 * v == _width ? 1 : 2) / Math.Sqrt(_width);
            for (int x = 0; x < _width; x++)
            {
                (double sin, double cos) = Angle(v, x, _width);
                matrix[(v * _width) + x] = (float)(factor * cos);
                matrix[((Half + v) * _width) + x] = (float)(-factor * sin);
            }
        }

        return matrix;
    }

    private static (double Sin, double Cos) Angle(int a, int b, int period) => Math.SinCos(2 * Math.PI * ((long)a * b % period) / period);
}
