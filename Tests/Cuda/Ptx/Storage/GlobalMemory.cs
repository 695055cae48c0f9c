using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>Global memory: a module's variables and the buffers of a test.</summary>
internal sealed class GlobalMemory
{
    private readonly List<TrackedWindow> _windows = [];

    internal GlobalMemory(PtxModule module)
    {
        foreach (Variable variable in module.Variables)
        {
            var window = new TrackedWindow(variable.Name, variable.Space, variable.Address, variable.Bytes, (0, variable.Bytes));

            // Variables without a value of their own begin as zeros.
            window.Fill(variable.Initial ?? new byte[variable.Bytes]);
            _windows.Add(window);
        }
    }

    /// <summary>A new buffer, of which nothing was ever written.</summary>
    internal TrackedWindow Allocate(string name, long bytes, (long Start, int Count) kept)
    {
        _windows.Add(new TrackedWindow(name, StateSpace.Global, AddressMap.Global(_windows.Count), bytes, kept));
        return _windows[^1];
    }

    internal TrackedWindow? Find(int index) => index >= 0 && index < _windows.Count ? _windows[index] : null;

    internal void StartLaunch() => _windows.ForEach(w => w.ForgetAccesses());
}
