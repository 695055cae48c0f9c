using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>What an emulated driver has beside NVIDIA's functions. Its state is the process's: its tests run one at a time.</summary>
internal sealed unsafe class EmulatorControl(string folder)
{
    private const long AllMemory = 16L << 30;

    private readonly nint _library = NativeLibrary.Load(Path.Combine(folder, "libcuda.so.1"));

    /// <summary>
    /// Forgets everything: calls, faults, findings, and what is still alive. The seed chooses among the orders that streams leave open, and
    /// other free choices of the libraries.
    /// </summary>
    internal void Reset(int seed)
    {
        ((delegate* unmanaged<uint, void>)Export("emu_reset"))((uint)seed);
        LimitMemory(AllMemory);
        _ = Launches();
    }

    /// <summary>Makes the n-th call from now on of an entry point fail.</summary>
    internal void Fail(string entryPoint, int nth, int status)
    {
        fixed (byte* name = Encoding.ASCII.GetBytes(entryPoint + "\0"))
        {
            ((delegate* unmanaged<byte*, int, int, void>)Export("emu_fail"))(name, nth, status);
        }
    }

    /// <summary>How much memory the device has from now on.</summary>
    internal void LimitMemory(long bytes) => ((delegate* unmanaged<nuint, void>)Export("emu_memory_limit"))((nuint)bytes);

    /// <summary>How often each entry point was called since the last reset.</summary>
    internal Dictionary<string, int> Calls() =>
        Lines("emu_calls").Select(l => l.Split(' ')).ToDictionary(w => w[0], w => int.Parse(w[1], CultureInfo.InvariantCulture));

    /// <summary>Kernels launched since the last time this was asked, in order.</summary>
    internal string[] Launches() => Lines("emu_launches");

    /// <summary>What was found that no status says.</summary>
    internal string Violations() => Text("emu_violations");

    /// <summary>Handles and memory that are alive, a kind a line.</summary>
    internal string Live() => Text("emu_live");

    private string[] Lines(string function) => Text(function).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Text(string function)
    {
        byte[] text = new byte[1 << 20];
        fixed (byte* to = text)
        {
            ((delegate* unmanaged<byte*, int, int>)Export(function))(to, text.Length);
        }

        return Encoding.ASCII.GetString(text.AsSpan(0, text.AsSpan().IndexOf((byte)0)));
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
