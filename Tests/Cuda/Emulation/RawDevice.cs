using System.Runtime.InteropServices;
using System.Text;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>The emulated libraries as a program of their own calls them: functions by name, numbers from NVIDIA's documentation.</summary>
internal sealed unsafe class RawDevice : IDisposable
{
    private const int MostArguments = 18;
    private const int NonBlocking = 1;

    private readonly nint _driver;
    private readonly nint _blas;
    private readonly nint _dnn;

    /// <summary>Loads a folder's libraries, and with <paramref name="context"/> makes the device's primary context this thread's.</summary>
    internal RawDevice(string folder, int seed = 0, bool context = true)
    {
        _driver = NativeLibrary.Load(Path.Combine(folder, "libcuda.so.1"));
        _blas = NativeLibrary.Load(Directory.GetFiles(folder, "libcublas.so.*").Single());
        _dnn = NativeLibrary.Load(Directory.GetFiles(folder, "libcudnn.so.*").Single());
        Control = new EmulatorControl(folder);
        Control.Reset(seed);
        Done("cuInit", 0);
        if (context)
        {
            nint primary = Made("cuDevicePrimaryCtxRetain", 0);
            Done("cuCtxSetCurrent", primary);
        }
    }

    internal EmulatorControl Control { get; }

    internal string Violations => Control.Violations();

    /// <summary>Calls a function. Arguments that it does not take do it no harm, so that one type of function pointer is enough.</summary>
    internal int Call(string name, params ReadOnlySpan<nint> arguments)
    {
        Span<nint> a = stackalloc nint[MostArguments];
        a.Clear();
        arguments.CopyTo(a);
        var function = (delegate* unmanaged<
            nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, int>)
            NativeLibrary.GetExport(Library(name), name);
        return function(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17]);
    }

    /// <summary>Calls a function that must succeed.</summary>
    internal void Done(string name, params ReadOnlySpan<nint> arguments) =>
        Assert.AreEqual(0, Call(name, arguments), $"{name}: {Control.Violations()}");

    /// <summary>Calls a function that must succeed and whose first argument is where it puts a handle, an address or a number.</summary>
    internal nint Made(string name, params ReadOnlySpan<nint> arguments)
    {
        nint made = 0;
        Done(name, [(nint)(&made), .. arguments]);
        return made;
    }

    internal bool Exports(string name) => NativeLibrary.TryGetExport(Library(name), name, out _);

    internal nint Stream() => Made("cuStreamCreate", NonBlocking);

    internal nint Allocate(int bytes) => Made("cuMemAlloc_v2", bytes);

    /// <summary>Page-locked memory.</summary>
    internal Span<float> Pinned(int count) => new((void*)Made("cuMemHostAlloc", count * sizeof(float), 0), count);

    /// <summary>Device memory with values.</summary>
    internal nint Upload(nint stream, params ReadOnlySpan<float> values)
    {
        nint address = Allocate(values.Length * sizeof(float));
        fixed (float* from = values)
        {
            Done("cuMemcpyHtoDAsync_v2", address, (nint)from, values.Length * sizeof(float), stream);
        }

        return address;
    }

    /// <summary>Copies, into page-locked memory if that is what the span is, and does not wait.</summary>
    internal int Copy(Span<float> to, nint from, nint stream)
    {
        fixed (float* address = to)
        {
            return Call("cuMemcpyDtoHAsync_v2", (nint)address, from, to.Length * sizeof(float), stream);
        }
    }

    /// <summary>Values of the device once the stream's work is done.</summary>
    internal float[] Download(nint stream, nint from, int count)
    {
        var values = new float[count];
        Assert.AreEqual(0, Copy(values, from, stream), Control.Violations());
        return values;
    }

    /// <summary>A kernel of a module of its own, whose PTX has parameters of the given types and no code: the code is the host's.</summary>
    internal nint Kernel(string name, params ReadOnlySpan<string> types)
    {
        nint function = 0;
        Assert.AreEqual(0, Find(&function, name, types), Control.Violations());
        return function;
    }

    /// <summary>The status with which a kernel is looked for whose PTX says other parameters than its source.</summary>
    internal int Find(string name, params ReadOnlySpan<string> types)
    {
        nint function = 0;
        return Find(&function, name, types);
    }

    internal int Load(nint* module, string ptx)
    {
        fixed (byte* image = Encoding.ASCII.GetBytes(ptx + "\0"))
        {
            return Call("cuModuleLoadDataEx", (nint)module, (nint)image, 0, 0, 0);
        }
    }

    /// <summary>Launches blocks of 256 threads with parameters of up to eight bytes.</summary>
    internal int Launch(nint stream, nint function, int blocks, params ReadOnlySpan<nint> parameters) =>
        Launch(stream, function, (blocks, 1, 1), (256, 1, 1), parameters);

    internal int Launch(
        nint stream, nint function, (int X, int Y, int Z) grid, (int X, int Y, int Z) block, params ReadOnlySpan<nint> parameters)
    {
        nint* values = stackalloc nint[parameters.Length];
        nint* pointers = stackalloc nint[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            values[i] = parameters[i];
            pointers[i] = (nint)(values + i);
        }

        int status = Call("cuLaunchKernel", function, grid.X, grid.Y, grid.Z, block.X, block.Y, block.Z, 0, stream, (nint)pointers, 0);
        new Span<nint>(values, parameters.Length).Fill(-1); // The launch has copied them.
        return status;
    }

    public void Dispose() => Control.Reset(0);

    private int Find(nint* function, string name, ReadOnlySpan<string> types)
    {
        string parameters = string.Join(", ", types.ToArray().Select((t, i) => $".param .{t} {name}_param_{i}"));
        nint module = 0;
        string ptx = $".version 7.0\n.target sm_70\n.address_size 64\n.visible .entry {name}({parameters})\n{{ ret; }}\n";
        Assert.AreEqual(0, Load(&module, ptx), Control.Violations());
        fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
        {
            return Call("cuModuleGetFunction", (nint)function, module, (nint)text);
        }
    }

    private nint Library(string name) =>
        name.StartsWith("cublas", StringComparison.Ordinal) ? _blas : name.StartsWith("cudnn", StringComparison.Ordinal) ? _dnn : _driver;
}
