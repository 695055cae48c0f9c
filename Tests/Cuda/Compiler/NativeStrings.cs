using System.Runtime.InteropServices;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>Strings and arrays of strings as C has them, until it is disposed.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> _memory = [];

    public byte* Add(string text)
    {
        _memory.Add(Marshal.StringToCoTaskMemUTF8(text));
        return (byte*)_memory[^1];
    }

    public byte** Array(params ReadOnlySpan<string> texts)
    {
        nint array = Marshal.AllocCoTaskMem(texts.Length * sizeof(nint));
        _memory.Add(array);
        for (int i = 0; i < texts.Length; i++)
        {
            ((byte**)array)[i] = Add(texts[i]);
        }

        return (byte**)array;
    }

    public void Dispose() => _memory.ForEach(Marshal.FreeCoTaskMem);
}
